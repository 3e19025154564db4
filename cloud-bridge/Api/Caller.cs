namespace EdgeHub.CloudBridge.Api;

/// <summary>Who asks, as far as it was proven.</summary>
/// <param name="Name">The key's name, or the address where no keys are set.</param>
/// <param name="Area">All that it may see; empty for the whole city.</param>
sealed record Caller(string Name, ApiRole Role, string Area);
