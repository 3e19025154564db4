namespace EdgeHub.Hosting.Progress;

/// <summary>
/// One loop's proof that it goes round. The loop calls <see cref="Beat"/> on every turn, also when it had nothing to do;
/// a loop without a beat for its limit counts as stalled. Beating costs two reads of a clock and takes no lock.
/// </summary>
public sealed class LoopProgress
{
    readonly TimeProvider time;
    long lastBeat;

    internal LoopProgress(string name, TimeSpan limit, TimeProvider time)
    {
        this.time = time;
        Name = name;
        Limit = limit;
        lastBeat = time.GetTimestamp();
    }

    public string Name { get; }

    public TimeSpan Limit { get; }

    /// <summary>Negative while a wait of <see cref="Rest"/> goes on.</summary>
    public TimeSpan SinceBeat => time.GetElapsedTime(Volatile.Read(ref lastBeat));

    public bool IsStalled => SinceBeat > Limit;

    public void Beat() => Volatile.Write(ref lastBeat, time.GetTimestamp());

    /// <summary>Beats in the loop's place while it waits for what may never come, until that is disposed.</summary>
    public IDisposable Wait()
    {
        Beat();
        return time.CreateTimer(static loop => ((LoopProgress)loop!).Beat(), this, Limit / 4, Limit / 4);
    }

    /// <summary>The loop waits so long on purpose: its limit runs only from the end of the wait.</summary>
    public void Rest(TimeSpan wait) => Volatile.Write(ref lastBeat, time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency));
}
