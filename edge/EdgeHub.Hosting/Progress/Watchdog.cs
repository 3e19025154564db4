namespace EdgeHub.Hosting.Progress;

/// <summary>The loops that must make progress. The service manager is fed only while all of them do.</summary>
public sealed class Watchdog(TimeProvider time)
{
    /// <summary>A daemon has a loop a room and a sampler a line; more is a bug.</summary>
    public const int LoopsMax = 256;

    readonly Lock gate = new();
    readonly List<LoopProgress> loops = [];

    /// <summary>Registers a loop. Its first limit runs from now.</summary>
    public LoopProgress Register(string name, TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        lock (gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(loops.Count, LoopsMax);
            var loop = new LoopProgress(name, limit, time);
            loops.Add(loop);
            return loop;
        }
    }

    /// <summary>Takes a loop out that ended on purpose.</summary>
    public void Remove(LoopProgress loop)
    {
        lock (gate)
            loops.Remove(loop);
    }

    /// <summary>The loops that are stalled now; empty when all is well.</summary>
    public IReadOnlyList<LoopProgress> Stalled()
    {
        lock (gate)
            return loops.Exists(loop => loop.IsStalled) ? [.. loops.Where(loop => loop.IsStalled)] : [];
    }
}
