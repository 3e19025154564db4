using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeHub.CloudBridge.Api;

/// <summary>What every endpoint says of itself.</summary>
static class EndpointWords
{
    public static RouteHandlerBuilder Get(this IEndpointRouteBuilder api, string pattern, Func<HttpContext, Task<IResult>> handler, string name, string summary, params IReadOnlyList<Parameter> parameters) =>
        api.MapGet(pattern, (Delegate)handler).WithName(name).WithSummary(summary).WithMetadata(new TakenParameters(parameters));

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint) => endpoint.Produces<T>().Refuses();

    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint)
    {
        foreach (var status in new[] { StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable })
            endpoint.Produces<Problem>(status, "application/problem+json");
        return endpoint;
    }

    /// <summary>A reader's key does not open it.</summary>
    public static RouteHandlerBuilder OperatorsOnly(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new RequiredRole(ApiRole.Operator));
}

sealed record RequiredRole(ApiRole Role);
