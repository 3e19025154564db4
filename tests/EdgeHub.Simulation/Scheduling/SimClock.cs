namespace EdgeHub.Simulation.Scheduling;

/// <summary>What one process sees of time: the loop's, which only goes forward, and its machine's wall clock.</summary>
sealed class SimClock(SimLoop loop, SimProcess owner, WallClock wall) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp()
    {
        loop.Check();
        return loop.Now.Ticks;
    }

    public override DateTimeOffset GetUtcNow()
    {
        loop.Check();
        return wall.Now(loop.Now);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(loop, owner, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
