using Microsoft.AspNetCore.Http;

namespace EdgeHub.CloudBridge.Api;

/// <summary>A request that is not answered, as RFC 9457 has it.</summary>
/// <param name="Errors">What is wrong with each parameter, and what to write instead.</param>
public sealed record Problem(string Type, string Title, int Status, string Detail, IReadOnlyList<ParameterError>? Errors)
{
    const string ContentType = "application/problem+json";

    public static Problem Of(int status, string title, string detail, IReadOnlyList<ParameterError>? errors = null) => new("about:blank", title, status, detail, errors);

    internal IResult ToResult() => Results.Json(this, ApiJson.Default.Problem, ContentType, Status);
}

public sealed record ParameterError(string Parameter, string? Value, string Reason, string Fix);

/// <summary>Thrown where a request cannot go on; the pipeline turns it into its problem.</summary>
#pragma warning disable CA1032, CA1064 // Made and caught in this room, always with its problem.
sealed class RefusalException(Problem problem) : Exception(problem.Detail)
#pragma warning restore CA1032, CA1064
{
    public Problem Problem => problem;
}
