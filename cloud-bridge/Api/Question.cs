using System.Globalization;
using EdgeHub.CloudBridge.Store.Queries;
using EdgeHub.Hosting.Settings;
using Microsoft.AspNetCore.Http;

namespace EdgeHub.CloudBridge.Api;

/// <summary>
/// The parameters of one request. Each reader checks its value; what is wrong is gathered, so that one answer names all of it, and
/// <see cref="Check"/> refuses. Only what the endpoint declares may be read, so the document cannot lie.
/// </summary>
sealed class Question
{
    public const int LimitMax = 10_000;
    public const int LimitDefault = 1000;

    static readonly TimeSpan DefaultRange = TimeSpan.FromDays(1);

    readonly HttpContext context;
    readonly IReadOnlyList<Parameter> declared;
    readonly List<ParameterError> errors = [];
    readonly DateTimeOffset now;

    public Question(HttpContext context, TimeProvider time)
    {
        this.context = context;
        now = time.GetUtcNow();
        declared = context.GetEndpoint()?.Metadata.GetMetadata<TakenParameters>()?.Parameters ?? [];
        Caller = context.Features.Get<Caller>() ?? throw new InvalidOperationException("The request has not passed the gate.");
        var known = declared.Where(parameter => !parameter.InPath).Select(parameter => parameter.Name).ToList();
        foreach (var (name, values) in context.Request.Query)
            if (!known.Contains(name))
                Error(name, values.ToString(), "this parameter is not known here.", Units.Nearest(name, known) is { } near ? $"Did you mean {near}?" : known.Count == 0 ? "Leave it out." : $"Known here: {string.Join(", ", known)}.");
            else if (values.Count > 1)
                Error(name, values.ToString(), "this parameter stands twice.", "Write it once.");
    }

    public Caller Caller { get; }

    public DateTimeOffset Now => now;

    public string Text(Parameter parameter)
    {
        if (!declared.Contains(parameter))
            throw new InvalidOperationException($"{parameter.Name} is read and not declared.");
        return parameter.InPath ? context.Request.RouteValues[parameter.Name]?.ToString() ?? "" : context.Request.Query[parameter.Name].FirstOrDefault() ?? "";
    }

    public StreamId Stream()
    {
        var text = Text(Parameter.Id);
        if (StreamId.TryParse(text) is { } id)
            return id;
        Error("id", text, "this is no id of a stream.", "Write gateway.sensor.quantity, as /api/v1/streams lists them.");
        return default;
    }

    public string Area()
    {
        var text = Text(Parameter.Area).Trim('/');
        if (!ApiKey.IsArea(text))
            Error("area", text, "this is no area.", $"Write county, county/street or county/street/community, such as {Parameter.Area.Example}.");
        return text;
    }

    public int Limit()
    {
        var text = Text(Parameter.Limit);
        if (text.Length == 0)
            return LimitDefault;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LimitMax)
            return limit;
        Error("limit", text, "this is no page size.", $"Write a whole number from 1 to {LimitMax}.");
        return LimitDefault;
    }

    /// <summary>One of the words, or empty.</summary>
    public string Choice(Parameter parameter, params string[] words)
    {
        var text = Text(parameter);
        if (text.Length == 0 || words.Contains(text, StringComparer.Ordinal))
            return text;
        Error(parameter.Name, text, "this is not one of the choices.", $"Write one of {string.Join(", ", words)}.");
        return "";
    }

    /// <summary>From and until before, in Unix milliseconds.</summary>
    public (long FromMs, long ToMs) Range(TimeSpan longest)
    {
        var to = Time(Parameter.To, now);
        var from = Units.TryDuration(Text(Parameter.From), out var before) && before > TimeSpan.Zero && before < to - DateTimeOffset.UnixEpoch ? to - before : Time(Parameter.From, to - DefaultRange);
        if (from >= to)
            Error("from", Text(Parameter.From), "it is not before to.", "Write the earlier time as from.");
        else if (to - from > longest)
            Error("from", Text(Parameter.From), $"from and to are more than {Units.Format(longest)} apart.", "Ask for less at once, or for longer buckets with every=1h.");
        return (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
    }

    /// <summary>A time in Unix milliseconds, or null where none is asked for.</summary>
    public long? Moment(Parameter parameter) => Text(parameter).Length == 0 ? null : Time(parameter, now).ToUnixTimeMilliseconds();

    public TimeSpan? Length(Parameter parameter, TimeSpan minimum, TimeSpan maximum)
    {
        var text = Text(parameter);
        if (text.Length == 0)
            return null;
        if (Units.TryDuration(text, out var length) && length >= minimum && length <= maximum)
            return length;
        Error(parameter.Name, text, "this is no length of time in the allowed range.", $"Write a number with s, m, h or d, from {Units.Format(minimum)} to {Units.Format(maximum)}.");
        return null;
    }

    /// <summary>The parts of a cursor that this endpoint has given, or null at the beginning.</summary>
    public string[]? Cursor(int parts)
    {
        var text = Text(Parameter.Cursor);
        if (text.Length == 0)
            return null;
        if (Api.Cursor.TryRead(text, parts) is { } position)
            return position;
        Error("cursor", text, "this is no cursor of this endpoint.", "Write next of the page before as it is, or leave it out to begin.");
        return null;
    }

    public void Error(string parameter, string? value, string reason, string fix) => errors.Add(new ParameterError(parameter, value, reason, fix));

    /// <summary>Refuses when anything was wrong.</summary>
    public void Check()
    {
        if (errors.Count > 0)
            throw new RefusalException(Problem.Of(StatusCodes.Status400BadRequest, "Bad request", string.Join(' ', errors.Select(error => $"{error.Parameter}: {error.Reason} {error.Fix}")), errors));
    }

    DateTimeOffset Time(Parameter parameter, DateTimeOffset fallback)
    {
        var text = Text(parameter);
        if (text.Length == 0)
            return fallback;
        // A plus sign in a query is a blank.
        if (DateTimeOffset.TryParseExact(text.Replace(' ', '+'), ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mmK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && text[^1] is 'Z' or >= '0' and <= '9' && (text.EndsWith('Z') || text.Length > 19 && text[^6] is '+' or '-' or ' ') && time >= DateTimeOffset.UnixEpoch)
            return time;
        Error(parameter.Name, text, "this is no time.", parameter == Parameter.From ? "Write ISO 8601 with its zone, such as 2026-11-23T00:00:00Z, or a length of time before to, such as 24h." : "Write ISO 8601 with its zone, such as 2026-11-23T00:00:00Z.");
        return fallback;
    }
}
