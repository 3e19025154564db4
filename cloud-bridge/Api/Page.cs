namespace EdgeHub.CloudBridge.Api;

/// <summary>A part of an answer.</summary>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
