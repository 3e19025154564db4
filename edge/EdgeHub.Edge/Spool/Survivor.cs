namespace EdgeHub.Edge.Spool;

/// <summary>A record that outlives its segment.</summary>
/// <param name="At">When it was recorded, by the <see cref="RecordClock"/>.</param>
sealed record Survivor(SpoolState Spool, StoredRecord Stored, int At);
