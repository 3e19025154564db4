namespace EdgeHub.Edge.Spool.Accounting;

/// <summary>Two counts of the same readings that must be equal and are not.</summary>
/// <param name="Stream">Sensor and quantity.</param>
/// <param name="Recorded">What the Recorder, or the spool's own numbers, say.</param>
/// <param name="Journal">What was counted in the records.</param>
public sealed record BooksDifference(string Stream, ulong Recorded, ulong Journal);
