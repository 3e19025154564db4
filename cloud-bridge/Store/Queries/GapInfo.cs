namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>Records of one spool that are not among the readings.</summary>
/// <param name="Kind"><c>missing</c>: on their way, later ones have come already. <c>lost</c>: a tombstone stands for them. <c>set-aside</c>: kept raw, they could not become rows.</param>
/// <param name="Reason">Why they are lost (<c>thinned</c>, <c>dropped</c>, <c>damaged</c>, <c>evicted-after-ack</c>) or set aside; null when nobody knows.</param>
/// <param name="After">Time of the last reading known before them; null when there is none.</param>
/// <param name="Before">Time of the first reading known behind them; null when there is none.</param>
/// <param name="Readings">Lost readings by stream, as far as the box knew; null otherwise.</param>
public sealed record GapInfo(string Gateway, string Spool, string Kind, long FirstNumber, long LastNumber, string? Reason, string? After, string? Before, IReadOnlyDictionary<string, long>? Readings);
