namespace EdgeHub.Hosting.Http;

/// <summary>One part of the daemon and, when it is not ready, the reason in a sentence.</summary>
public sealed record ReadinessSource(string Source, bool Ready, string? Reason);
