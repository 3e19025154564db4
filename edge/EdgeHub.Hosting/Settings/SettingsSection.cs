using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeHub.Hosting.Settings;

/// <summary>
/// One object of a configuration. Each reader method marks its key as known, checks the value and returns the default when it
/// is missing or wrong; what is wrong lands in <see cref="SettingsDocument.Errors"/>. After the last read, <see cref="RejectUnknown"/>
/// names the keys nobody asked for.
/// </summary>
public sealed class SettingsSection
{
    readonly SettingsDocument document;
    readonly JsonObject node;
    readonly string path;
    readonly SortedSet<string> known = new(StringComparer.Ordinal) { "$schema" };

    internal SettingsSection(SettingsDocument document, JsonObject node, string path)
    {
        this.document = document;
        this.node = node;
        this.path = path;
    }

    /// <summary>The keys that were asked for so far.</summary>
    public IReadOnlyCollection<string> Known => known;

    public bool Has(string key) => node.ContainsKey(key);

    /// <summary>Somebody has said of this key what there is to say.</summary>
    public void Know(string key) => known.Add(key);

    /// <summary>The full key, for messages: <c>sensors[2].port</c>.</summary>
    public string KeyOf(string key) => path.Length == 0 ? key : key.Length == 0 ? path : $"{path}.{key}";

    public void Error(string key, string? value, string reason, string fix) =>
        document.Add(new SettingsError(KeyOf(key), value, reason, fix));

    /// <summary>A text, or <paramref name="fallback"/>; null as fallback makes the key required.</summary>
    public string Text(string key, string? fallback, string fix = "Write a text in quotes.")
    {
        var value = Scalar(key);
        if (value is not null)
            return value;
        if (fallback is null && !Has(key))
            Error(key, null, "this key is required.", fix);
        return fallback ?? "";
    }

    /// <summary>A text that matches <paramref name="pattern"/> whole.</summary>
    public string Text(string key, string? fallback, Regex pattern, string fix)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var value = Text(key, fallback, fix);
        if (!Has(key) || pattern.IsMatch(value))
            return value;
        Error(key, value, "this value has the wrong form.", fix);
        return fallback ?? "";
    }

    public int Whole(string key, int fallback, int minimum, int maximum) =>
        Scalar(key) is { } text ? Ranged(key, text, int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null, fallback, minimum, maximum, "a whole number") : fallback;

    public double Number(string key, double fallback, double minimum, double maximum) =>
        Scalar(key) is { } text ? Ranged(key, text, double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null, fallback, minimum, maximum, "a number") : fallback;

    /// <summary>A length of time such as <c>250ms</c>, <c>1s</c>, <c>5m</c>, <c>24h</c> or <c>7d</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan minimum, TimeSpan maximum)
    {
        if (Scalar(key) is not { } text)
            return fallback;
        if (Units.TryDuration(text, out var value) && value >= minimum && value <= maximum)
            return value;
        Error(key, text, "this is no length of time in the allowed range.", $"Write a number with ms, s, m, h or d, from {Units.Format(minimum)} to {Units.Format(maximum)}.");
        return fallback;
    }

    /// <summary>A size such as <c>512KiB</c>, <c>8MiB</c> or <c>1GiB</c>.</summary>
    public long Bytes(string key, long fallback, long minimum, long maximum)
    {
        if (Scalar(key) is not { } text)
            return fallback;
        if (Units.TryBytes(text, out var value) && value >= minimum && value <= maximum)
            return value;
        Error(key, text, "this is no size in the allowed range.", $"Write a number with KiB, MiB or GiB, from {minimum} to {maximum} bytes.");
        return fallback;
    }

    public bool Flag(string key, bool fallback)
    {
        if (Scalar(key) is not { } text)
            return fallback;
        if (bool.TryParse(text, out var value))
            return value;
        Error(key, text, "this is neither true nor false.", "Write true or false.");
        return fallback;
    }

    /// <summary>One of the names of <typeparamref name="T"/>, case and dashes aside.</summary>
    public T Choice<T>(string key, T fallback) where T : struct, Enum
    {
        if (Scalar(key) is not { } text)
            return fallback;
        if (Enum.TryParse<T>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) && !char.IsAsciiDigit(text.FirstOrDefault()) && Enum.IsDefined(value))
            return value;
        var choices = string.Join(", ", Enum.GetNames<T>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]));
        Error(key, text, "this is not one of the choices.", $"Write one of {choices}.");
        return fallback;
    }

    /// <summary>The object under <paramref name="key"/>; an empty one, so all defaults, when there is none.</summary>
    public SettingsSection Section(string key)
    {
        known.Add(key);
        var child = node[key];
        if (child is not null and not JsonObject)
            Error(key, child.ToJsonString(), "this must be an object.", "Write { … }.");
        return new SettingsSection(document, child as JsonObject ?? [], KeyOf(key));
    }

    /// <summary>The objects of the list under <paramref name="key"/>; none when there is no such list.</summary>
    public IReadOnlyList<SettingsSection> List(string key, int countMax)
    {
        known.Add(key);
        var found = new List<SettingsSection>();
        if (node[key] is not { } child)
            return found;
        if (child is not JsonArray list)
        {
            Error(key, child.ToJsonString(), "this must be a list.", "Write [ … ].");
            return found;
        }

        if (list.Count > countMax)
            Error(key, list.Count.ToString(CultureInfo.InvariantCulture), "the list is too long.", $"Keep at most {countMax} entries.");
        for (var i = 0; i < Math.Min(list.Count, countMax); i++)
            if (list[i] is JsonObject item)
                found.Add(new SettingsSection(document, item, $"{KeyOf(key)}[{i}]"));
            else
                document.Add(new SettingsError($"{KeyOf(key)}[{i}]", list[i]?.ToJsonString(), "this must be an object.", "Write { … }."));
        return found;
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string key, int countMax)
    {
        known.Add(key);
        if (node[key] is not { } child)
            return [];
        if (child is JsonArray list && list.Count <= countMax && list.All(item => item is JsonValue))
            return [.. list.Select(item => item!.ToString())];
        Error(key, child.ToJsonString(), "this must be a list of texts.", $"Write [ \"…\" ] with at most {countMax} entries.");
        return [];
    }

    /// <summary>Names every key of this object that no reader asked for, with the nearest known one.</summary>
    public void RejectUnknown()
    {
        foreach (var (key, _) in node)
            if (!known.Contains(key))
                Error(key, null, "this key is not known here.", Units.Nearest(key, [.. known.Where(name => name != "$schema")]) is { } near ? $"Did you mean {near}?" : $"Known here: {string.Join(", ", known.Where(name => name != "$schema"))}.");
    }

    string? Scalar(string key)
    {
        known.Add(key);
        switch (node[key])
        {
            case null:
                return null;
            case JsonValue value:
                return value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
            case var other:
                Error(key, other.ToJsonString(), "this must be a single value.", "Write a text, a number, true or false.");
                return null;
        }
    }

    T Ranged<T>(string key, string text, T? value, T fallback, T minimum, T maximum, string what) where T : struct, IComparable<T>, IFormattable
    {
        if (value is { } v && v.CompareTo(minimum) >= 0 && v.CompareTo(maximum) <= 0)
            return v;
        Error(key, text, $"this is not {what} in the allowed range.", string.Create(CultureInfo.InvariantCulture, $"Write {what} from {minimum} to {maximum}."));
        return fallback;
    }
}
