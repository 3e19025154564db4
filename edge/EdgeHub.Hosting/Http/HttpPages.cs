using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Status;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace EdgeHub.Hosting.Http;

/// <summary>
/// What a daemon answers: <c>/metrics</c>, <c>/healthz</c> (every loop makes progress), <c>/readyz</c> (each part, with its reason),
/// and on its own socket only <c>/status</c>, since that names what the box measures.
/// </summary>
sealed class HttpPages(MetricsPage metrics, Readiness readiness, Watchdog watchdog, Func<StatusReport>? status, IReadOnlyDictionary<string, RequestDelegate> local)
{
    public Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        _ when IsLocalSocket(context) && local.TryGetValue($"{context.Request.Method} {context.Request.Path}", out var page) => page(context),
        _ when !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) => TextAsync(context, StatusCodes.Status405MethodNotAllowed, "Only GET is answered here."),
        "/metrics" => MetricsAsync(context),
        "/healthz" => HealthAsync(context),
        "/readyz" => ReadyAsync(context),
        "/status" when status is not null && IsLocalSocket(context) => JsonAsync(context, StatusCodes.Status200OK, status(), HostingJson.Default.StatusReport),
        _ => TextAsync(context, StatusCodes.Status404NotFound, "Known here: /metrics, /healthz, /readyz."),
    };

    static bool IsLocalSocket(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket.AddressFamily == AddressFamily.Unix;

    async Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = MetricsPage.ContentType;
        await metrics.WriteAsync(context.Response.Body, context.RequestAborted);
    }

    Task HealthAsync(HttpContext context)
    {
        var stalled = watchdog.Stalled();
        return stalled.Count == 0
            ? TextAsync(context, StatusCodes.Status200OK, "ok")
            : TextAsync(context, StatusCodes.Status503ServiceUnavailable, $"No progress: {string.Join(", ", stalled.Select(loop => loop.Name))}.");
    }

    Task ReadyAsync(HttpContext context)
    {
        var report = readiness.Report();
        return JsonAsync(context, report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, report, HostingJson.Default.ReadinessReport);
    }

    static async Task TextAsync(HttpContext context, int code, string text)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    static async Task JsonAsync<T>(HttpContext context, int code, T value, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), context.RequestAborted);
    }
}
