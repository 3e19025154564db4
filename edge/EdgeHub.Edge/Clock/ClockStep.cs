using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Clock;

/// <summary>What one look at the clock gives to say and to do; touches no clock, file or log.</summary>
public sealed class ClockStep
{
    /// <summary>A clock that moves against boot time by more is an audit event; a disciplined one is slewed by milliseconds.</summary>
    public static readonly TimeSpan JumpMin = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(10);

    BlockClock? before;
    long savedAtMs = long.MinValue;

    /// <param name="atStop">The last look: what is known is kept whatever the interval says.</param>
    public ClockLook At(BlockClock now, long bootTimeMs, bool atStop = false)
    {
        var jump = before is { } last ? TimeSpan.FromMilliseconds(now.UnixOffsetMs - last.UnixOffsetMs) : TimeSpan.Zero;
        var changed = before?.Quality != now.Quality;
        before = now;
        var isDue = atStop || savedAtMs == long.MinValue || bootTimeMs - savedAtMs >= SaveInterval.TotalMilliseconds;
        long? save = isDue && now.Quality is ClockQuality.Ntp or ClockQuality.Gnss ? now.UnixOffsetMs + bootTimeMs : null;
        if (save is not null)
            savedAtMs = bootTimeMs;
        return new ClockLook(changed, jump.Duration() > JumpMin ? jump : TimeSpan.Zero, save);
    }
}
