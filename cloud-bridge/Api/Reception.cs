using System.Data.Common;
using System.Globalization;
using EdgeHub.CloudBridge.Store.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Api;

/// <summary>Whatever becomes of a request, the caller learns it in one form, and it is counted.</summary>
sealed partial class Reception(IStoreReader store, TimeProvider time, ILogger logger)
{
    const string BusySeconds = "5";

    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var started = time.GetTimestamp();
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
                await RefuseAsync(context, Problem.Of(context.Response.StatusCode, "Not found", $"{context.Request.Method} {context.Request.Path} is not known here. /openapi.json describes what is."));
        }
        catch (RefusalException refusal) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, refusal.Problem);
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException && !context.RequestAborted.IsCancellationRequested)
        {
            await FailAsync(context, e);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or DbException or IOException)
        {
            // Whoever asked has left.
        }
        finally
        {
            var status = context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
            ApiMetrics.Requests.Add(1, new KeyValuePair<string, object?>("status", status));
            ApiMetrics.RequestSeconds.Record(time.GetElapsedTime(started).TotalSeconds);
        }
    }

    public static Task RefuseAsync(HttpContext context, Problem problem) => problem.ToResult().ExecuteAsync(context);

    async Task FailAsync(HttpContext context, Exception failure)
    {
        var tooLong = failure is DbException database && store.IsTooLong(database);
        if (!tooLong)
            LogFailed(context.Request.Path, failure);
        if (context.Response.HasStarted)
        {
            // A file that ends early must not look whole.
            context.Abort();
            return;
        }

        context.Response.Headers.RetryAfter = BusySeconds;
        await RefuseAsync(context, tooLong
            ? Problem.Of(StatusCodes.Status503ServiceUnavailable, "Took too long", $"The database did not answer within {IStoreReader.LongestQuery.TotalSeconds} s. Ask for a shorter time, one stream, or longer buckets.")
            : Problem.Of(StatusCodes.Status503ServiceUnavailable, "The database is away", "Try again in some seconds. Storing has its own connection and its own alarm."));
    }

    [LoggerMessage(EventId = 901, Level = LogLevel.Warning, Message = "{Path} could not be answered; the database did not.")]
    partial void LogFailed(string path, Exception error);
}
