namespace EdgeHub.Hosting.Status;

/// <summary>What is recorded and what waits for the city.</summary>
/// <param name="Recorded">Readings recorded since the daemon started.</param>
/// <param name="Waiting">Readings recorded and neither acked nor tombstoned, of this and earlier starts.</param>
/// <param name="OldestAgeMs">Age of the oldest that waits; null when nothing does.</param>
/// <param name="JournalBytes">Size of the journal on disk.</param>
public sealed record SpoolReport(string State, long Recorded, long Waiting, long? OldestAgeMs, long JournalBytes);
