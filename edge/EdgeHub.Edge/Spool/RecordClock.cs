namespace EdgeHub.Edge.Spool;

/// <summary>
/// When records were committed, in seconds since this process opened its spools: negative for those of earlier processes.
/// Within the process the monotonic clock decides, so a corrected wall clock makes nothing older or younger; across a restart
/// only the wall clock is left, and where it cannot be right a record counts as old as this process.
/// </summary>
sealed class RecordClock(TimeProvider time)
{
    /// <summary>2024-01-01: an earlier time is that of a box whose clock was never set.</summary>
    const long NeverSetBefore = 1_704_067_200;

    readonly long opened = time.GetTimestamp();
    readonly long openedUnix = time.GetUtcNow().ToUnixTimeSeconds();

    public int Now => (int)time.GetElapsedTime(opened).TotalSeconds;

    /// <summary>What the journal notes of a commit made now.</summary>
    public uint NowUnix => (uint)Math.Clamp(time.GetUtcNow().ToUnixTimeSeconds(), 0, uint.MaxValue);

    /// <summary>Of a commit that an earlier process made.</summary>
    public int Of(uint unix) => unix < NeverSetBefore || unix > openedUnix ? 0 : (int)(unix - openedUnix);

    /// <summary>
    /// How long a file has been sealed. One that an unset clock dated, or one of this process, is no older than the process: a wall
    /// clock that comes right, or jumps ahead, ages nothing.
    /// </summary>
    public TimeSpan AgeOfFile(long sealedUnixMs)
    {
        var unix = sealedUnixMs / 1000;
        if (unix < NeverSetBefore || unix <= openedUnix)
            return AgeOf(Of((uint)Math.Clamp(unix, 0, uint.MaxValue)));
        var wall = TimeSpan.FromSeconds(Math.Max(0, time.GetUtcNow().ToUnixTimeSeconds() - unix));
        return wall < AgeOf(0) ? wall : AgeOf(0);
    }

    public TimeSpan AgeOf(int at) => TimeSpan.FromSeconds(Math.Max(0, Now - at));
}
