namespace EdgeHub.Hosting.Status;

/// <summary>What is recorded and what waits for the city.</summary>
/// <param name="RecordedReadings">Recorded since the data directory was born, over all starts.</param>
/// <param name="WaitingReadings">Recorded and neither acked nor tombstoned.</param>
/// <param name="TombstonedReadings">Recorded, and a tombstone stands for them.</param>
/// <param name="OldestAgeMs">Age of the oldest record that waits; null when nothing does.</param>
/// <param name="JournalBytes">Size of the journal on disk.</param>
public sealed record SpoolReport(string State, string Sentence, long RecordedReadings, long WaitingReadings, long TombstonedReadings, long? OldestAgeMs, long JournalBytes)
{
    /// <summary>How the second medium is; null when none is configured.</summary>
    public string? Mirror { get; init; }

    /// <summary>What is written to the medium, and how long it lasts.</summary>
    public string? Wear { get; init; }
}
