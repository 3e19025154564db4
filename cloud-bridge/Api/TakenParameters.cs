namespace EdgeHub.CloudBridge.Api;

/// <summary>What an endpoint says of the parameters that it takes.</summary>
sealed record TakenParameters(IReadOnlyList<Parameter> Parameters);
