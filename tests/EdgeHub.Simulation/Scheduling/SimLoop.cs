namespace EdgeHub.Simulation.Scheduling;

/// <summary>
/// The one thread of a simulated world. Whatever is ready runs first, in an order that the seed chooses; when nothing is ready, time
/// jumps to the next timer. Nothing here waits, and nothing may run on another thread: that would be another run each time.
/// </summary>
sealed class SimLoop(Chance chance)
{
    readonly int thread = Environment.CurrentManagedThreadId;
    readonly PriorityQueue<SimTimer, (long At, long Order)> timers = new();
    readonly List<(SimProcess Owner, SendOrPostCallback Callback, object? State)> ready = [];
    readonly Lock gate = new();
    long order;

    /// <summary>Since the world began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Where something ran on another thread; null when nothing did.</summary>
    public string? Escape { get; private set; }

    /// <summary>What ran, timers and continuations together.</summary>
    public long Steps { get; private set; }

    /// <summary>Says that the caller is on the loop's thread; else the run counts as failed.</summary>
    public void Check()
    {
        if (Environment.CurrentManagedThreadId != thread)
            Escape ??= Environment.StackTrace;
    }

    /// <summary>The world's own doing: belongs to no process and outlives them.</summary>
    public void After(TimeSpan delay, Action action) => new SimTimer(this, null, _ => action(), null).Change(delay, Timeout.InfiniteTimeSpan);

    /// <summary>Puts a timer in line; what it was put in line for before no longer counts.</summary>
    public void Schedule(SimTimer timer, TimeSpan at)
    {
        Check();
        timers.Enqueue(timer, (at.Ticks, timer.Order = ++order));
    }

    public void Enqueue(SimProcess owner, SendOrPostCallback callback, object? state)
    {
        Check();
        lock (gate)
            ready.Add((owner, callback, state));
    }

    /// <summary>Runs until then, or until <paramref name="isDone"/>, which is asked each time the clock moves. True when it was done.</summary>
    public bool Run(TimeSpan until, Func<bool>? isDone = null)
    {
        var before = SynchronizationContext.Current;
        try
        {
            while (Escape is null)
            {
                RunReady();
                if (isDone?.Invoke() == true)
                    return true;
                if (!timers.TryPeek(out _, out var next) || next.At > until.Ticks)
                    break;
                Now = TimeSpan.FromTicks(Math.Max(Now.Ticks, next.At));
                Fire();
            }

            Now = until > Now ? until : Now;
            return false;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    void Fire()
    {
        timers.TryDequeue(out var timer, out var due);
        if (timer!.Order != due.Order)
            return;
        Steps++;
        // Without a context, what a library goes on with runs here and now; what awaited in a process is posted to it.
        SynchronizationContext.SetSynchronizationContext(null);
        timer.Fire();
    }

    void RunReady()
    {
        while (ready.Count > 0)
        {
            // A thread pool promises no order either.
            var at = ready.Count == 1 ? 0 : chance.Next(ready.Count);
            var (owner, callback, state) = ready[at];
            ready.RemoveAt(at);
            if (owner.IsDead)
                continue;
            Steps++;
            SynchronizationContext.SetSynchronizationContext(owner);
            callback(state);
        }
    }
}
