using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Clock;

/// <summary>
/// The two clocks of a box: boot time, which only goes forward and orders everything, and wall time, which a box without
/// a battery learns late. Readings carry boot time; a block carries what was known of wall time when it was closed.
/// Best first: the kernel's clock while a time server disciplines it, a satellite receiver's word, the kernel's clock as it stands,
/// and nothing at all when that lies before a time that is known to have passed.
/// </summary>
/// <param name="time">Wall time.</param>
/// <param name="boot">Which start of the kernel this is.</param>
/// <param name="bootTimeMs">CLOCK_BOOTTIME in milliseconds.</param>
/// <param name="isSynchronized">Whether the kernel's clock is disciplined by a time source just now.</param>
/// <param name="floorUnixMs">No true time lies before this: the day the program was built.</param>
public sealed class BoxClock(TimeProvider time, UInt128 boot, Func<long> bootTimeMs, Func<bool> isSynchronized, long floorUnixMs)
{
    /// <summary>How long a satellite fix is believed: a crystal drifts some seconds a day.</summary>
    public static readonly TimeSpan FixKept = TimeSpan.FromHours(6);

    // A fix is replaced whole and read without a lock.
    volatile StrongFix? heard;
    long passedUnixMs;

    public UInt128 Boot => boot;

    public long BootTimeMs => bootTimeMs();

    /// <summary>Half width of the interval that holds the true time, in milliseconds; of the kernel's clock.</summary>
    public Func<long> KernelErrorMs { get; init; } = static () => 0;

    /// <summary>A time that is known to have passed, from an earlier run of the box: it cannot be earlier now.</summary>
    public long PassedUnixMs
    {
        get => Interlocked.Read(ref passedUnixMs);
        set => Interlocked.Exchange(ref passedUnixMs, value);
    }

    /// <summary>What <see cref="Now"/> says may be wrong by so many milliseconds; 0 when nobody says.</summary>
    public long ErrorMs => Now().Quality switch
    {
        ClockQuality.Ntp => KernelErrorMs(),
        ClockQuality.Gnss => (long)(heard?.Fix.Error.TotalMilliseconds ?? 0),
        _ => 0,
    };

    /// <summary>A source beside the box told the time. One that lies before the program was built is no time.</summary>
    public void Hear(TimeFix fix)
    {
        if (fix.Utc.ToUnixTimeMilliseconds() >= floorUnixMs)
            heard = new StrongFix(fix);
    }

    /// <summary>What a block that is closed now says of time.</summary>
    public BlockClock Now()
    {
        var unixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var sinceBootMs = bootTimeMs();
        if (unixMs >= floorUnixMs && isSynchronized())
            return new BlockClock(boot, unixMs - sinceBootMs, ClockQuality.Ntp);
        if (heard is { Fix: var fix } && sinceBootMs - fix.BootTimeMs < FixKept.TotalMilliseconds)
            return new BlockClock(boot, fix.Utc.ToUnixTimeMilliseconds() - fix.BootTimeMs, ClockQuality.Gnss);
        return new BlockClock(boot, unixMs - sinceBootMs, unixMs < Math.Max(floorUnixMs, PassedUnixMs) ? ClockQuality.None : ClockQuality.Restored);
    }

    sealed record StrongFix(TimeFix Fix);
}
