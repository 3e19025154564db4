using System.Text.Json;
using EdgeHub.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeHub.Edge.Bundles;

/// <summary>The desk on the daemon's local socket: <c>GET /desk/spools</c>, <c>GET /desk/envelope</c>, <c>GET /desk/books</c> and <c>POST /desk/ack</c>.</summary>
static class DeskPages
{
    public const string Spools = "/desk/spools";
    public const string Envelope = "/desk/envelope";
    public const string Books = "/desk/books";
    public const string Ack = "/desk/ack";

    public static IReadOnlyDictionary<string, RequestDelegate> Of(ISpoolDesk desk) => new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
    {
        ["GET " + Spools] = async context => await JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes([.. await desk.SpoolsAsync(context.RequestAborted)], BundlesJson.Default.DeskSpoolArray)),
        ["GET " + Envelope] = context => EnvelopeAsync(desk, context),
        ["GET " + Books] = async context => await JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(await desk.BooksAsync(context.RequestAborted), BundlesJson.Default.BoxBooks)),
        ["POST " + Ack] = context => AckAsync(desk, context),
    };

    static async Task EnvelopeAsync(ISpoolDesk desk, HttpContext context)
    {
        var query = context.Request.Query;
        if (!SpoolId.TryParse(query["spool"], out var spool) || !ulong.TryParse(query["first"], out var first) || !ulong.TryParse(query["last"], out var last) || first == 0 || last < first)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (await desk.PackAsync(spool, new NumberRange(first, last), context.RequestAborted) is not { } payload)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "application/octet-stream";
        await context.Response.Body.WriteAsync(payload, context.RequestAborted);
    }

    static async Task AckAsync(ISpoolDesk desk, HttpContext context)
    {
        // The pages take no body; this one does, and no more than an ack.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = WireLimits.JsonBytesMax;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (Wire.Ack.TryParse(body.ToArray(), out var reason) is not { } ack)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(reason, context.RequestAborted);
            return;
        }

        await JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(await desk.SettleAsync(ack, context.RequestAborted), BundlesJson.Default.DeskAnswer));
    }

    static async Task JsonAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
