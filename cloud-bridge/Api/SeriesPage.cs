using EdgeHub.CloudBridge.Store.Queries;

namespace EdgeHub.CloudBridge.Api;

/// <summary>A part of one stream's course: readings, or buckets where <c>every</c> was given.</summary>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record SeriesPage(string Stream, string Unit, IReadOnlyList<ReadingInfo>? Readings, IReadOnlyList<Bucket>? Buckets, string? Next);
