using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>Wall time of one boot.</summary>
/// <param name="UnixOffsetMs">Unix milliseconds at boot time 0.</param>
/// <param name="ErrorMs">Half width of the interval that holds the true time.</param>
/// <param name="Source"><see cref="ClockQuality.None"/>: nobody told; its neighbours bound it.</param>
sealed record BootClock(ReadOnlyMemory<byte> Boot, long UnixOffsetMs, long ErrorMs, ClockQuality Source)
{
    public bool IsBounded => Source == ClockQuality.None;

    public static BootClock Of(ClockFix fix) => new(fix.BootId.Memory, fix.UnixOffsetMs, (long)Math.Min(fix.ErrorMs, long.MaxValue), fix.Source == ClockQuality.None ? ClockQuality.Restored : fix.Source);
}
