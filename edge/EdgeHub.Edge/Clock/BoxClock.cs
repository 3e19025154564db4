using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Clock;

/// <summary>
/// The two clocks of a box: boot time, which only goes forward and orders everything, and wall time, which a box without
/// a battery learns late. Readings carry boot time; a block carries what was known of wall time when it was closed.
/// </summary>
/// <param name="time">Wall time.</param>
/// <param name="boot">Which start of the kernel this is.</param>
/// <param name="bootTimeMs">CLOCK_BOOTTIME in milliseconds.</param>
/// <param name="isSynchronized">Whether the kernel's clock is disciplined by a time source just now.</param>
/// <param name="floorUnixMs">No true time lies before this: the day the program was built, or the last time known.</param>
public sealed class BoxClock(TimeProvider time, UInt128 boot, Func<long> bootTimeMs, Func<bool> isSynchronized, long floorUnixMs)
{
    public UInt128 Boot => boot;

    public long BootTimeMs => bootTimeMs();

    /// <summary>What a block that is closed now says of time.</summary>
    public BlockClock Now()
    {
        var unixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var quality = unixMs < floorUnixMs ? ClockQuality.None : isSynchronized() ? ClockQuality.Ntp : ClockQuality.Restored;
        return new BlockClock(boot, unixMs - bootTimeMs(), quality);
    }
}
