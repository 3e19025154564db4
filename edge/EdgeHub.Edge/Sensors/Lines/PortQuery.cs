using System.Globalization;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>The part of a port URI behind the question mark. The first thing found wrong is kept in <see cref="Wrong"/>.</summary>
sealed class PortQuery
{
    readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    readonly SortedSet<string> known = new(StringComparer.Ordinal);

    public (string Reason, string Fix)? Wrong { get; private set; }

    public static PortQuery Parse(string text, out string place)
    {
        var query = new PortQuery();
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        place = mark < 0 ? text : text[..mark];
        if (mark < 0)
            return query;
        foreach (var pair in text[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !query.values.TryAdd(pair[..equals], pair[(equals + 1)..]))
                query.Fail($"{pair} is no single setting of the port.", "Write name=value once, with & between them.");
        }

        return query;
    }

    public void Fail(string reason, string fix) => Wrong ??= (reason, fix);

    public int Whole(string name, int fallback, int minimum, int maximum)
    {
        if (Take(name) is not { } text)
            return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
            return value;
        Fail($"{name}={text} is out of range.", $"Write {name} from {minimum} to {maximum}.");
        return fallback;
    }

    public TimeSpan Duration(string name, TimeSpan fallback, TimeSpan maximum)
    {
        if (Take(name) is not { } text)
            return fallback;
        if (Units.TryDuration(text, out var value) && value <= maximum)
            return value;
        Fail($"{name}={text} is no length of time in the allowed range.", $"Write {name}=50ms, at most {Units.Format(maximum)}.");
        return fallback;
    }

    public T Choice<T>(string name, T fallback, params (string Word, T Value)[] choices)
    {
        if (Take(name) is not { } text)
            return fallback;
        foreach (var (word, value) in choices)
            if (word == text)
                return value;
        Fail($"{name}={text} is not one of the choices.", $"Write {name}= one of {string.Join(", ", choices.Select(choice => choice.Word))}.");
        return fallback;
    }

    public void RejectUnknown()
    {
        foreach (var name in values.Keys)
            if (!known.Contains(name))
                Fail($"{name} is no setting of this kind of port.", known.Count == 0 ? "Leave it out." : $"Known here: {string.Join(", ", known)}.");
    }

    string? Take(string name)
    {
        known.Add(name);
        return values.GetValueOrDefault(name);
    }
}
