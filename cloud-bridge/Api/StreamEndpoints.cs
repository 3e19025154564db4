using System.Globalization;
using EdgeHub.CloudBridge.Store.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeHub.CloudBridge.Api;

/// <summary>Streams, their newest values and their course.</summary>
sealed class StreamEndpoints(IStoreReader store, TimeProvider time)
{
    /// <summary>Of every reading; longer courses come in buckets.</summary>
    static readonly TimeSpan ReadingsRangeMax = TimeSpan.FromDays(92);

    static readonly TimeSpan BucketsRangeMax = TimeSpan.FromDays(3660);
    static readonly TimeSpan EveryMin = TimeSpan.FromSeconds(1), EveryMax = TimeSpan.FromDays(31);
    static readonly TimeSpan ZoneMax = TimeSpan.FromHours(14);
    static readonly string[] Figures = ["min", "mean", "max", "count", "last"];

    public void Map(IEndpointRouteBuilder api)
    {
        api.Get("/streams", StreamsAsync, "streams", "The streams and what is known of each.", Parameter.Area, Parameter.Gateway, Parameter.Sensor, Parameter.Quantity, Parameter.Search, Parameter.Limit, Parameter.Cursor).Answers<Page<StreamInfo>>();
        api.Get("/latest", LatestAsync, "latest", "The newest value of each stream that came live; what fills up old gaps is in the series alone.", Parameter.Area, Parameter.Gateway, Parameter.Sensor, Parameter.Quantity, Parameter.Search, Parameter.Limit, Parameter.Cursor).Answers<Page<StreamInfo>>();
        api.Get("/streams/{id}", StreamAsync, "stream", "One stream with its newest value.", Parameter.Id).Answers<StreamInfo>();
        api.Get("/streams/{id}/series", SeriesAsync, "series", "The course of a stream: every reading, or with `every` one line for each length of time. What is graded bad is in no figure of a line.", Parameter.Id, Parameter.From, Parameter.To, Parameter.Every, Parameter.Aggregate, Parameter.Zone, Parameter.Unit, Parameter.Limit, Parameter.Cursor).Answers<SeriesPage>();
    }

    Task<IResult> StreamsAsync(HttpContext context) => ListAsync(context, onlyWithValue: false);

    Task<IResult> LatestAsync(HttpContext context) => ListAsync(context, onlyWithValue: true);

    async Task<IResult> ListAsync(HttpContext context, bool onlyWithValue)
    {
        var question = new Question(context, time);
        var filter = new StreamFilter(question.Caller.Area)
        {
            Area = question.Area(),
            Gateway = question.Text(Parameter.Gateway),
            Sensor = question.Text(Parameter.Sensor),
            Quantity = question.Text(Parameter.Quantity),
            Search = question.Text(Parameter.Search),
        };
        var (limit, cursor) = (question.Limit(), question.Cursor(1));
        question.Check();
        var (streams, more) = await StreamQuery.ReadAsync(store, filter, cursor is null ? null : StreamId.TryParse(cursor[0]), onlyWithValue, limit, context.RequestAborted);
        return Results.Json(new Page<StreamInfo>(streams, more ? Cursor.Of(streams[^1].Id) : null), ApiJson.Default.PageStreamInfo);
    }

    async Task<IResult> StreamAsync(HttpContext context)
    {
        var question = new Question(context, time);
        var id = question.Stream();
        question.Check();
        return Results.Json(await FindAsync(question, id, context.RequestAborted), ApiJson.Default.StreamInfo);
    }

    async Task<IResult> SeriesAsync(HttpContext context)
    {
        var question = new Question(context, time);
        var id = question.Stream();
        var every = question.Length(Parameter.Every, EveryMin, EveryMax);
        var range = question.Range(every is null ? ReadingsRangeMax : BucketsRangeMax);
        var figures = FiguresOf(question, every is not null);
        var zone = ZoneOf(question);
        var (limit, cursor) = (question.Limit(), question.Cursor(every is null ? 3 : 1));
        var unit = question.Text(Parameter.Unit);
        question.Check();
        var stream = await FindAsync(question, id, context.RequestAborted);
        var filter = StreamFilter.Of(id, question.Caller.Area) with { Unit = unit.Length > 0 ? unit : stream.Unit };
        var page = every is { } length
            ? await BucketsAsync(filter, range, (long)length.TotalMilliseconds, (long)zone.TotalMilliseconds, figures, limit, cursor, context.RequestAborted)
            : await ReadingsAsync(filter, range, limit, cursor, context.RequestAborted);
        return Results.Json(page with { Stream = stream.Id, Unit = filter.Unit }, ApiJson.Default.SeriesPage);
    }

    async Task<SeriesPage> ReadingsAsync(StreamFilter filter, (long FromMs, long ToMs) range, int limit, string[]? cursor, CancellationToken cancellationToken)
    {
        var after = cursor is null ? null : new SeriesPosition(Number(cursor[0]), cursor[1], Number(cursor[2]));
        var found = await SeriesQuery.ReadingsAsync(store, filter, range.FromMs, range.ToMs, after, limit + 1, cancellationToken);
        var last = found.Count > limit ? found[limit - 1].Position : null;
        return new SeriesPage("", "", [.. found.Take(limit).Select(one => one.Reading)], null, last is null ? null : Cursor.Of(Text(last.TimeMs), last.Spool, Text(last.Sequence)));
    }

    // A page is so many lengths of time, whether there is anything in them or not: what one question may cost is known before it is asked.
    async Task<SeriesPage> BucketsAsync(StreamFilter filter, (long FromMs, long ToMs) range, long everyMs, long zoneMs, IReadOnlyList<string> figures, int limit, string[]? cursor, CancellationToken cancellationToken)
    {
        var from = cursor is null ? range.FromMs : Math.Max(range.FromMs, Number(cursor[0]));
        var end = Math.Min(range.ToMs, ((((from + zoneMs) / everyMs) + limit) * everyMs) - zoneMs);
        var buckets = await SeriesQuery.BucketsAsync(store, filter, from, end, everyMs, zoneMs, cancellationToken);
        return new SeriesPage("", "", null, [.. buckets.Select(bucket => Only(bucket, figures))], end < range.ToMs ? Cursor.Of(Text(end)) : null);
    }

    async Task<StreamInfo> FindAsync(Question question, StreamId id, CancellationToken cancellationToken)
    {
        var (streams, _) = await StreamQuery.ReadAsync(store, StreamFilter.Of(id, question.Caller.Area), null, onlyWithValue: false, 1, cancellationToken);
        return streams.Count > 0 ? streams[0] : throw new RefusalException(Problem.Of(
            StatusCodes.Status404NotFound, "No such stream", $"{id} is not known, or not in your area. /api/v1/streams lists what is.", [new ParameterError("id", id.ToString(), "no such stream.", "Take an id that /api/v1/streams lists.")]));
    }

    static string[] FiguresOf(Question question, bool inBuckets)
    {
        var text = question.Text(Parameter.Aggregate);
        if (text.Length == 0)
            return Figures;
        var wanted = text.Split(',');
        if (!inBuckets)
            question.Error("agg", text, "there is nothing to sum up without every.", "Add every, such as every=1h.");
        else if (wanted.Except(Figures).FirstOrDefault() is { } unknown)
            question.Error("agg", text, $"{unknown} is no figure.", $"Write some of {string.Join(", ", Figures)}, separated by commas.");
        return wanted;
    }

    static TimeSpan ZoneOf(Question question)
    {
        var text = question.Text(Parameter.Zone).Replace(' ', '+');
        if (text.Length == 0)
            return TimeSpan.Zero;
        if (text is ['+' or '-', _, _, ':', _, _] && TimeSpan.TryParseExact(text[1..], "hh\\:mm", CultureInfo.InvariantCulture, out var offset) && offset <= ZoneMax)
            return text[0] == '-' ? -offset : offset;
        question.Error("zone", text, "this is no offset from UTC.", "Write hours and minutes with their sign, such as +08:00.");
        return TimeSpan.Zero;
    }

    static Bucket Only(Bucket bucket, IReadOnlyList<string> figures) => new(
        bucket.Time,
        figures.Contains("min") ? bucket.Min : null,
        figures.Contains("mean") ? bucket.Mean : null,
        figures.Contains("max") ? bucket.Max : null,
        figures.Contains("count") ? bucket.Count : null,
        figures.Contains("last") ? bucket.Last : null);

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // A cursor that somebody made up is refused like any that is none.
    static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? number
        : throw new RefusalException(Problem.Of(StatusCodes.Status400BadRequest, "Bad request", "cursor: this is no cursor of this endpoint. Write next of the page before as it is.", [new ParameterError("cursor", null, "this is no cursor of this endpoint.", "Write next of the page before as it is.")]));
}
