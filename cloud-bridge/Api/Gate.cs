using System.Net;
using Microsoft.AspNetCore.Http;

namespace EdgeHub.CloudBridge.Api;

/// <summary>Nobody passes to the data without being known: by a key, or, where no keys are set, by standing on this machine.</summary>
sealed class Gate(ApiOptions options)
{
    const string Bearer = "Bearer ";

    public const string KeyHeader = "X-Api-Key";

    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (!context.Request.Path.StartsWithSegments("/api"))
            return next(context);
        var caller = options.Keys.Count == 0 ? Local(context) : Known(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiredRole>() is { } required && caller.Role < required.Role)
            throw new RefusalException(Problem.Of(StatusCodes.Status403Forbidden, "Not for this key", $"This needs a key with the role {required.Role.ToString().ToLowerInvariant()}, and {caller.Name} is a {caller.Role.ToString().ToLowerInvariant()}. Ask whoever runs the bridge."));
        context.Features.Set(caller);
        return next(context);
    }

    Caller Known(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var presented = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : context.Request.Headers[KeyHeader].ToString();
        if (presented.Length > 0 && ApiKey.Find(options.Keys, presented) is { } key)
            return new Caller(key.Name, key.Role, key.Area);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw new RefusalException(Problem.Of(
            StatusCodes.Status401Unauthorized, "No valid key", presented.Length == 0 ? $"Send your key: Authorization: Bearer ehk_…, or {KeyHeader}: ehk_…." : "This key is not known here. It may have been taken out of the configuration; ask whoever runs the bridge for a new one."));
    }

    // A page of somebody else's, opened on this machine, could reach us under a name of its own that points here.
    static Caller Local(HttpContext context) =>
        context.Request.Host.Host is "localhost" || (IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
            ? new Caller("local", ApiRole.Operator, "")
            : throw new RefusalException(Problem.Of(StatusCodes.Status403Forbidden, "Not under this name", "Without keys only 127.0.0.1 and localhost are answered. Set api.keys to be reached under another name."));
}
