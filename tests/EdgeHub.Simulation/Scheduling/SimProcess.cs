namespace EdgeHub.Simulation.Scheduling;

/// <summary>
/// One life of one program. It is the context that its awaits come back to: once it is dead nothing of it ever runs again,
/// as after <c>kill -9</c>.
/// </summary>
sealed class SimProcess(SimLoop loop, string name, Action<SimProcess, Exception> died) : SynchronizationContext
{
    public string Name => name;

    public bool IsDead { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsDead)
            loop.Enqueue(this, d, state);
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits in a simulated process.");

    public override SynchronizationContext CreateCopy() => this;

    public void Kill() => IsDead = true;

    /// <summary>Starts a loop of the program. One that ends by an exception has died, which must not happen.</summary>
    public void Start(Func<Task> run) => Post(_ => _ = WatchAsync(run), null);

    async Task WatchAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
#pragma warning disable CA1031 // Whatever it is, the oracle hears of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            died(this, e);
        }
    }
}
