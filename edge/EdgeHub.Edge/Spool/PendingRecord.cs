namespace EdgeHub.Edge.Spool;

/// <summary>A record with its number, encoded once: these bytes under this number or nothing.</summary>
/// <param name="ChainAfter">Chain value with it.</param>
/// <param name="Buries">What it is the tombstone of.</param>
sealed record PendingRecord(SpoolState Spool, StoredRecord Stored, Wire.RecordHash ChainAfter, Grave? Buries);
