namespace EdgeHub.Simulation.Scheduling;

/// <summary>A timer on virtual time. It dies with the process that made it.</summary>
sealed class SimTimer(SimLoop loop, SimProcess? owner, TimerCallback callback, object? state) : ITimer
{
    TimeSpan repeat = Timeout.InfiniteTimeSpan;

    /// <summary>Its present place in line; 0 for none.</summary>
    public long Order { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        (Order, repeat) = (0, period);
        if (dueTime >= TimeSpan.Zero)
            loop.Schedule(this, loop.Now + dueTime);
        return true;
    }

    public void Fire()
    {
        Order = 0;
        if (owner?.IsDead == true)
            return;
        if (repeat > TimeSpan.Zero)
            loop.Schedule(this, loop.Now + repeat);
        callback(state);
    }

    public void Dispose() => (Order, repeat) = (0, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
