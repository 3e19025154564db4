using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Sensors;
using Microsoft.AspNetCore.Http;

namespace EdgeHub.Edge.Finding;

/// <summary>What the daemon reads just now, on its local socket: <c>GET /sensors</c>, and the raw bytes, <c>GET /raw</c> or <c>GET /raw?of=NAME</c>.</summary>
static class LookPages
{
    public const string Sensors = "/sensors";
    public const string Raw = "/raw";
    public const string RawOf = "of";

    public static IReadOnlyDictionary<string, RequestDelegate> Of(Sampler sampler, BoxClock clock) => new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
    {
        ["GET " + Sensors] = context => JsonAsync(context, SensorLook.All(sampler, clock.BootTimeMs), FindingJson.Default.SensorLookArray),
        ["GET " + Raw] = context => RawAsync(context, sampler, clock.BootTimeMs),
    };

    static async Task RawAsync(HttpContext context, Sampler sampler, long nowMs)
    {
        if (context.Request.Query[RawOf].ToString() is not { Length: > 0 } name)
        {
            await JsonAsync(context, RawLook.All(sampler, nowMs), FindingJson.Default.RawLookArray);
        }
        else if (RawLook.Find(sampler, name, nowMs, out var refusal) is { } port)
        {
            await JsonAsync(context, [port], FindingJson.Default.RawLookArray);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(refusal, context.RequestAborted);
        }
    }

    static async Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), context.RequestAborted);
    }
}
