using System.Text.Json;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Sensors;
using Microsoft.AspNetCore.Http;

namespace EdgeHub.Edge.Finding;

/// <summary>What the daemon reads just now, on its local socket: <c>GET /sensors</c>.</summary>
static class LookPages
{
    public const string Sensors = "/sensors";

    public static IReadOnlyDictionary<string, RequestDelegate> Of(Sampler sampler, BoxClock clock) => new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
    {
        ["GET " + Sensors] = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(SensorLook.All(sampler, clock.BootTimeMs), FindingJson.Default.SensorLookArray), context.RequestAborted);
        },
    };
}
