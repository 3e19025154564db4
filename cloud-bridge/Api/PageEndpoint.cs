using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeHub.CloudBridge.Api;

/// <summary>The fleet page: three files in this program, which know nothing and ask the API like anybody else.</summary>
static class PageEndpoint
{
    static readonly (string Path, string File, string ContentType)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/fleet.css", "fleet.css", "text/css; charset=utf-8"),
        ("/fleet.js", "fleet.js", "text/javascript; charset=utf-8"),
    ];

    public static void Map(IEndpointRouteBuilder application)
    {
        foreach (var (path, file, contentType) in Files)
        {
            var bytes = Read(file);
            application.MapGet(path, (HttpContext context) =>
            {
                // Nothing foreign runs here, and no other site shows this one inside its own.
                context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
                context.Response.Headers["Referrer-Policy"] = "no-referrer";
                context.Response.Headers.CacheControl = "no-cache";
                return Results.Bytes(bytes, contentType);
            }).ExcludeFromDescription();
        }
    }

    static byte[] Read(string file)
    {
        using var resource = typeof(PageEndpoint).Assembly.GetManifestResourceStream($"page/{file}") ?? throw new InvalidOperationException($"The page's {file} is not in this program.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
