using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeHub.CloudBridge.Store.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace EdgeHub.CloudBridge.Api;

/// <summary>
/// Server-sent events (HTML standard, 9.2). An event <c>reading</c> is the newest value of a stream, at most one a second. The id comes after all
/// of a commit, so that whoever returns with it in <c>Last-Event-ID</c> is told everything that moved meanwhile, from the store.
/// </summary>
sealed class LiveEndpoint(IStoreReader store, LiveFeed feed, ApiOptions options, TimeProvider time)
{
    const int ReplayMax = 10_000;

    // A proxy or a phone that hears nothing for half a minute hangs up.
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    int open;

    public void Map(IEndpointRouteBuilder api) => api.Get("/live", ListenAsync, "live", "Newest values as they come, as server-sent events; `Last-Event-ID` goes on where a broken connection ended, 0 begins with the newest value of every stream.", Parameter.Area, Parameter.Gateway, Parameter.Sensor, Parameter.Quantity)
        .Produces<LiveReading>(StatusCodes.Status200OK, "text/event-stream").Refuses();

    async Task<IResult> ListenAsync(HttpContext context)
    {
        var question = new Question(context, time);
        var filter = new StreamFilter(question.Caller.Area) { Area = question.Area(), Gateway = question.Text(Parameter.Gateway), Sensor = question.Text(Parameter.Sensor), Quantity = question.Text(Parameter.Quantity) };
        var told = context.Request.Headers["Last-Event-ID"].ToString();
        if (!long.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var after) && told.Length > 0)
            question.Error("Last-Event-ID", told, "this is no id of an event of ours.", "Send the last id as it came, 0 for everything, or leave it out.");
        question.Check();
        if (Interlocked.Increment(ref open) > options.LiveMax)
        {
            Interlocked.Decrement(ref open);
            throw new RefusalException(Problem.Of(StatusCodes.Status503ServiceUnavailable, "Too many listen", $"{options.LiveMax} live feeds are open, and that is api.liveMax. Close one, or ask /api/v1/latest."));
        }

        var listener = new LiveListener(filter);
        try
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            var now = await feed.AddAsync(listener, context.RequestAborted);
            // An id from before a restored backup says nothing: then everything is told.
            await ReplayAsync(context, filter, told.Length == 0 ? now : after > now ? 0 : after, now);
            await FollowAsync(context, listener);
        }
        finally
        {
            feed.Remove(listener);
            Interlocked.Decrement(ref open);
        }

        return Results.Empty;
    }

    async Task ReplayAsync(HttpContext context, StreamFilter filter, long after, long through)
    {
        await SendAsync(context, $"retry: 2000\nid: {after.ToString(CultureInfo.InvariantCulture)}\n\n");
        while (after < through && await LiveQuery.ReadAsync(store, filter, after, through, ReplayMax, context.RequestAborted) is { Count: > 0 } batch)
        {
            await SendAsync(context, Text(batch, batch[^1].Commit));
            after = batch[^1].Commit;
        }
    }

    async Task FollowAsync(HttpContext context, LiveListener listener)
    {
        while (true)
        {
            bool more;
            using (var quiet = new CancellationTokenSource(Silence, time))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, context.RequestAborted))
                try
                {
                    more = await listener.Batches.WaitToReadAsync(either.Token);
                }
                catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
                {
                    await SendAsync(context, ": still here\n\n");
                    continue;
                }

            if (!more)
            {
                await SendAsync(context, $"event: bye\ndata: You read too slowly: more than {LiveListener.BatchesMax} s were waiting for you. Come back with Last-Event-ID and take a smaller area.\n\n");
                return;
            }

            while (listener.Batches.TryRead(out var batch))
                await SendAsync(context, Text([.. batch.Where(listener.Wants)], batch[^1].Commit));
        }
    }

    static string Text(IReadOnlyList<LiveReading> readings, long commit)
    {
        var text = new StringBuilder();
        foreach (var reading in readings)
            text.Append("event: reading\ndata: ").Append(JsonSerializer.Serialize(reading, ApiJson.Default.LiveReading)).Append("\n\n");
        return text.Append(CultureInfo.InvariantCulture, $"id: {commit}\n\n").ToString();
    }

    static async Task SendAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
