using System.Globalization;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeHub.CloudBridge.Api;

/// <summary>How the boxes are, and what of them is not there.</summary>
sealed class GatewayEndpoints(IStoreReader store, FleetStatus fleet, TimeProvider time)
{
    /// <summary>Boxes looked at for one page; a rare state may need several pages, each with its cursor.</summary>
    const int ScannedMax = 5000;

    /// <summary>A box costs a dozen lookups, a spool its whole ledger: their pages are smaller.</summary>
    const int PageMax = 500;

    static readonly TimeSpan EventRangeMax = TimeSpan.FromDays(3660);

    public void Map(IEndpointRouteBuilder api)
    {
        api.Get("/gaps", GapsAsync, "gaps", "Records that are not among the readings, and why: on their way, lost with a reason, or set aside. A page is so many spools that have any.", Parameter.Area, Parameter.Gateway, Parameter.GapKind, Parameter.Limit, Parameter.Cursor).Answers<Page<GapInfo>>();
        api.Get("/gateways", GatewaysAsync, "gateways", "The boxes and how each is.", Parameter.Area, Parameter.State, Parameter.Search, Parameter.Limit, Parameter.Cursor).Answers<Page<GatewayHealth>>().OperatorsOnly();
        api.Get("/gateways/{id}", GatewayAsync, "gateway", "One box.", Parameter.GatewayId).Answers<GatewayHealth>().OperatorsOnly();
        api.Get("/books", BooksAsync, "books", "Whether what each box recorded is what the city has.", Parameter.Area, Parameter.Gateway, Parameter.Limit, Parameter.Cursor).Answers<Page<BooksInfo>>().OperatorsOnly();
        api.Get("/events", EventsAsync, "events", "What somebody should know, the newest first.", Parameter.Area, Parameter.Gateway, Parameter.EventKind, Parameter.From, Parameter.To, Parameter.Limit, Parameter.Cursor).Answers<Page<EventInfo>>().OperatorsOnly();
    }

    async Task<IResult> GatewaysAsync(HttpContext context)
    {
        var question = new Question(context, time);
        var filter = new StreamFilter(question.Caller.Area) { Area = question.Area(), Search = question.Text(Parameter.Search) };
        var state = question.Choice(Parameter.State, "online", "silent", "offline", "unknown", "attention");
        var (limit, cursor) = (Math.Min(question.Limit(), PageMax), question.Cursor(1));
        question.Check();
        var (page, at, scanned) = (new List<GatewayHealth>(), cursor?[0] ?? "", 0);
        while (scanned < ScannedMax)
        {
            var rows = await GatewayQuery.ReadAsync(store, filter, at, limit, context.RequestAborted);
            foreach (var row in rows)
            {
                at = row.Gateway;
                var health = GatewayHealth.Of(row, fleet.Of(row.Gateway), question.Now);
                if (state.Length == 0 || health.State == state || (state == "attention" && health.Attention))
                    page.Add(health);
                if (page.Count == limit)
                    return Answer(page, at);
            }

            scanned += rows.Count;
            if (rows.Count < limit)
                return Answer(page, null);
        }

        return Answer(page, at);
    }

    async Task<IResult> GatewayAsync(HttpContext context)
    {
        var question = new Question(context, time);
        var id = question.Text(Parameter.GatewayId);
        question.Check();
        var rows = await GatewayQuery.ReadAsync(store, new StreamFilter(question.Caller.Area) { Gateway = id }, "", 1, context.RequestAborted);
        return rows.Count > 0
            ? Results.Json(GatewayHealth.Of(rows[0], fleet.Of(id), question.Now), ApiJson.Default.GatewayHealth)
            : Problem.Of(StatusCodes.Status404NotFound, "No such gateway", $"{id} is not known, or not in your area. /api/v1/gateways lists what is.").ToResult();
    }

    async Task<IResult> GapsAsync(HttpContext context)
    {
        var question = new Question(context, time);
        var filter = Filter(question);
        var kind = question.Choice(Parameter.GapKind, "missing", "lost", "set-aside");
        var (limit, after) = (Math.Min(question.Limit(), PageMax), Key(question, 0));
        question.Check();
        var (gaps, next) = await GapQuery.ReadAsync(store, filter, after, limit, context.RequestAborted);
        return Results.Json(new Page<GapInfo>([.. gaps.Where(gap => kind.Length == 0 || gap.Kind == kind)], next is { } spool ? Cursor.Of(Text(spool)) : null), ApiJson.Default.PageGapInfo);
    }

    async Task<IResult> BooksAsync(HttpContext context)
    {
        var question = new Question(context, time);
        var filter = Filter(question);
        var (limit, cursor) = (Math.Min(question.Limit(), PageMax), question.Cursor(1));
        question.Check();
        var books = await BooksQuery.ReadAsync(store, filter, cursor?[0] ?? "", limit, context.RequestAborted);
        return Results.Json(new Page<BooksInfo>(books, books.Count == limit ? Cursor.Of(books[^1].Gateway) : null), ApiJson.Default.PageBooksInfo);
    }

    async Task<IResult> EventsAsync(HttpContext context)
    {
        var question = new Question(context, time);
        var filter = Filter(question);
        var kind = question.Text(Parameter.EventKind);
        var (from, to) = question.Range(EventRangeMax);
        var (limit, before) = (question.Limit(), Key(question, long.MaxValue));
        question.Check();
        var events = await EventQuery.ReadAsync(store, filter, kind, from, to, before, limit, context.RequestAborted);
        return Results.Json(new Page<EventInfo>(events, events.Count == limit ? Cursor.Of(Text(events[^1].Id)) : null), ApiJson.Default.PageEventInfo);
    }

    static IResult Answer(List<GatewayHealth> page, string? next) => Results.Json(new Page<GatewayHealth>(page, next is null ? null : Cursor.Of(next)), ApiJson.Default.PageGatewayHealth);

    static StreamFilter Filter(Question question) => new(question.Caller.Area) { Area = question.Area(), Gateway = question.Text(Parameter.Gateway) };

    static long Key(Question question, long start)
    {
        if (question.Cursor(1) is not { } cursor)
            return start;
        if (long.TryParse(cursor[0], NumberStyles.None, CultureInfo.InvariantCulture, out var key))
            return key;
        question.Error("cursor", null, "this is no cursor of this endpoint.", "Write next of the page before as it is.");
        return start;
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
