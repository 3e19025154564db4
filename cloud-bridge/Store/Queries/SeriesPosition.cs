namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>Where a page of readings ended.</summary>
public sealed record SeriesPosition(long TimeMs, string Spool, long Sequence);
