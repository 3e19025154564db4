namespace EdgeHub.Hosting.Http;

/// <summary>The body of <c>/readyz</c>: ready only when each source is.</summary>
public sealed record ReadinessReport(bool Ready, IReadOnlyList<ReadinessSource> Sources);
