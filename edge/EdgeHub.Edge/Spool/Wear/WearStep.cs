namespace EdgeHub.Edge.Spool.Wear;

/// <summary>
/// Chooses how often the Recorder flushes so that the medium lasts as long as it is to; touches no clock and no disk. A commit of a few
/// readings costs the medium a page of the file and one of the file system's journal whatever it holds: fewer commits are all that can be
/// saved. Begins with that price and goes on with what was measured, once an hour; the hour has one of LiteDB's files in it. Urgent readings never wait for it.
/// </summary>
/// <param name="min">The configured flush interval: what a power cut may cost where the budget allows it.</param>
public sealed class WearStep(WearOptions options, TimeSpan min)
{
    public const double DaysPerYear = 365.25;

    /// <summary>Measured on ext4 with a preallocated journal: bytes that reach the device for one commit of one reading.</summary>
    const double BytesPerCommit = 4_800;

    /// <summary>Below this share of the budget the interval shortens again; the room between keeps it from swinging.</summary>
    const double Comfort = 0.8;

    /// <summary>The share that it aims at.</summary>
    const double Aim = 0.9;

    static readonly TimeSpan Period = TimeSpan.FromHours(1);

    readonly TimeSpan max = options.FlushIntervalMax > min ? options.FlushIntervalMax : min;
    (long AtMs, long Bytes)? since;

    /// <summary>The interval to flush at.</summary>
    public TimeSpan FlushInterval { get; private set; } = Clamp(TimeSpan.FromDays(options.BytesPerDay is { } budget ? BytesPerCommit / (budget * Aim) : 0), min, options.FlushIntervalMax);

    /// <summary>More is written than the budget allows, though the interval is as long as it may be.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What the medium has taken until now.</summary>
    /// <returns>Whether the interval changed.</returns>
    public bool Take(long nowMs, long bytes)
    {
        if (since is not var (atMs, before) || bytes < before)
        {
            since = (nowMs, bytes);
            return false;
        }

        if (nowMs - atMs < Period.TotalMilliseconds || options.BytesPerDay is not { } budget)
            return false;
        var share = PerDay(bytes - before, nowMs - atMs) / budget;
        since = (nowMs, bytes);
        var chosen = share > 1 ? FlushInterval * Math.Min(share / Aim, 2) : share < Comfort ? FlushInterval * Math.Max(share / Aim, 0.5) : FlushInterval;
        IsOver = share > 1 && FlushInterval >= max;
        var changed = Clamp(chosen, min, max) != FlushInterval;
        FlushInterval = Clamp(chosen, min, max);
        return changed;
    }

    /// <summary>The bytes are counted by another from now on.</summary>
    public void Forget() => since = null;

    public static double PerDay(long bytes, long ms) => bytes * TimeSpan.FromDays(1).TotalMilliseconds / Math.Max(1, ms);

    static TimeSpan Clamp(TimeSpan value, TimeSpan low, TimeSpan high) => value < low ? low : value > high && high > low ? high : value;
}
