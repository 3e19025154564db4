using System.Globalization;
using System.Text.Json;
using EdgeHub.Hosting.Status;
using Microsoft.AspNetCore.Http;

namespace EdgeHub.Edge.Outputs;

/// <summary>Outputs on the daemon's local socket: <c>POST /output?name=siren&amp;on=true&amp;seconds=30</c>. Who may open the socket may switch.</summary>
static class OutputPages
{
    public const string Output = "/output";

    public static readonly TimeSpan LengthMax = TimeSpan.FromHours(24);

    /// <summary>The page with its query.</summary>
    public static string Of(string name, bool on, TimeSpan? length) =>
        string.Create(CultureInfo.InvariantCulture, $"{Output}?name={Uri.EscapeDataString(name)}&on={(on ? "true" : "false")}{(length is { } time ? $"&seconds={time.TotalSeconds}" : "")}");

    public static IReadOnlyDictionary<string, RequestDelegate> Of(OutputDesk desk) => new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
    {
        ["POST " + Output] = context => SwitchAsync(desk, context),
    };

    static async Task SwitchAsync(OutputDesk desk, HttpContext context)
    {
        var query = context.Request.Query;
        if (query["name"].ToString() is not { Length: > 0 } name || !bool.TryParse(query["on"], out var on) || !IsLength(query["seconds"], out var length))
        {
            await TextAsync(context, StatusCodes.Status400BadRequest, $"Name an output, on=true or on=false, and seconds more than 0 and at most {LengthMax.TotalSeconds}.");
            return;
        }

        try
        {
            var answer = await desk.SwitchAsync(name, on, length, LocalPeer.Of(context));
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, OutputsJson.Default.OutputAnswer), context.RequestAborted);
        }
        catch (LocalRefusalException e)
        {
            await TextAsync(context, e.IsMisnamed ? StatusCodes.Status400BadRequest : StatusCodes.Status409Conflict, e.Message);
        }
    }

    static bool IsLength(string? seconds, out TimeSpan? length)
    {
        length = null;
        if (string.IsNullOrEmpty(seconds))
            return true;
        if (!double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number <= 0 || number > LengthMax.TotalSeconds)
            return false;
        length = TimeSpan.FromSeconds(number);
        return true;
    }

    static async Task TextAsync(HttpContext context, int code, string text)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }
}
