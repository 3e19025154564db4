namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// When a batch is closed: full, old enough, or nothing more coming. Pure: the caller says what came and what time it is.
/// Under load the batches grow by themselves, because the queue fills while the database commits.
/// </summary>
public sealed class BatchGate(IntakeOptions options)
{
    int records;
    long bytes;
    bool urgent;
    long openedMs;
    long lastMs;

    public bool IsEmpty { get; private set; } = true;

    public bool IsFull => records >= options.BatchRecordsMax || bytes >= options.BatchBytesMax;

    public void Add(Delivery delivery, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (IsEmpty)
            openedMs = nowMs;
        lastMs = nowMs;
        records += Math.Max(delivery.Records.Count, 1);
        bytes += delivery.Bytes;
        urgent |= delivery.IsUrgent;
        IsEmpty = false;
    }

    /// <summary>How long to wait for more; zero or less means: commit now.</summary>
    public long WaitMs(long nowMs)
    {
        if (IsFull || urgent)
            return 0;
        var untilOld = openedMs + (long)options.Linger.TotalMilliseconds - nowMs;
        var untilQuiet = lastMs + (long)options.Quiet.TotalMilliseconds - nowMs;
        return Math.Min(untilOld, untilQuiet);
    }

    public void Reset()
    {
        (records, bytes, urgent, IsEmpty) = (0, 0, false, true);
    }
}
