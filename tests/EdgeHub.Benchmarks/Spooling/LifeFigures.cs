namespace EdgeHub.Benchmarks.Spooling;

/// <summary>What one measured life cost.</summary>
/// <param name="DeviceBytes">Bytes that reached the block device, the file system's own journal included; null without a device of our own.</param>
/// <param name="Flushes">Flushes that reached it.</param>
readonly record struct LifeFigures(long Readings, ulong Commits, double CpuUs, long? DeviceBytes, long? Flushes)
{
    public double CpuPerReading => CpuUs / Readings;

    public double? BytesPerReading => (double?)DeviceBytes / Readings;

    public double? FlushesPerCommit => (double?)Flushes / Commits;
}
