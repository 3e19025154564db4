using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>Which readings the blocks of a run of records hold, so that their rows can be found again.</summary>
/// <param name="FirstSequence">0 when no block is among them.</param>
/// <param name="FirstTimeMs">Unix milliseconds; null while the boot has no clock.</param>
readonly record struct RunExtent(long FirstSequence, long LastSequence, long? FirstTimeMs, long? LastTimeMs)
{
    public static RunExtent Of(IReadOnlyList<DeliveredRecord> records, int start, int end)
    {
        var extent = default(RunExtent);
        for (var i = start; i < end; i++)
            if (records[i] is { Content.Block: { } block, Readings.Count: > 0 and var count })
            {
                var first = (long)block.FirstSequence;
                extent = extent with { FirstSequence = extent.FirstSequence == 0 ? first : Math.Min(extent.FirstSequence, first), LastSequence = Math.Max(extent.LastSequence, first + count - 1) };
                if (block.ClockQuality != ClockQuality.None)
                    extent = extent.Over(Times(records[i], block.UnixOffsetMs));
            }

        return extent;
    }

    /// <summary>Times of a block's first and last reading, as rows have them.</summary>
    public static (long FirstMs, long LastMs) Times(DeliveredRecord record, long unixOffsetMs)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var reading in record.Readings!)
            (first, last) = (Math.Min(first, reading.BootTimeMs), Math.Max(last, reading.BootTimeMs));
        // A time outside the calendar is the row batch's to refuse.
        return (unchecked(first + unixOffsetMs), unchecked(last + unixOffsetMs));
    }

    RunExtent Over((long FirstMs, long LastMs) times) =>
        this with { FirstTimeMs = Math.Min(FirstTimeMs ?? long.MaxValue, times.FirstMs), LastTimeMs = Math.Max(LastTimeMs ?? long.MinValue, times.LastMs) };
}
