using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Decides when readings become blocks; touches no clock, channel or disk. A class's block is due when its first reading is
/// <see cref="FlushInterval"/> old, at <see cref="SpoolOptions.BlockReadingsMax"/> readings, and for urgent
/// readings after <see cref="UrgentDelay"/>, so that a burst is one commit. What is due takes the others with it: one flush
/// serves them all.
/// </summary>
/// <param name="classes">Class of each stream of the catalog.</param>
public sealed class RecorderStep(SpoolOptions options, IReadOnlyList<SpoolClass> classes)
{
    /// <summary>How long an urgent reading waits for the rest of its burst.</summary>
    public static readonly TimeSpan UrgentDelay = TimeSpan.FromMilliseconds(50);

    readonly Dictionary<SpoolClass, Gathering> gatherings = [];

    /// <summary>How old a reading that is not urgent may become before its block is closed; holds for readings taken from then on.</summary>
    public TimeSpan FlushInterval { get; set; } = options.FlushInterval;

    /// <summary>Readings that wait for their block.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the blocks must be closed before another reading is taken.</summary>
    public bool IsFull { get; private set; }

    /// <summary>When the next block is due, in boot milliseconds; null when nothing waits.</summary>
    public long? DueMs { get; private set; }

    /// <summary>Takes a reading. Not when <see cref="IsFull"/>.</summary>
    public void Take(in Reading reading, long nowMs)
    {
        var spoolClass = classes[reading.Stream];
        if (!gatherings.TryGetValue(spoolClass, out var gathering))
            gatherings.Add(spoolClass, gathering = new Gathering(options.BlockReadingsMax));
        gathering.Readings.Add(reading);
        Count++;
        IsFull |= gathering.Readings.Count >= options.BlockReadingsMax;
        if (gathering.Readings.Count > 1)
            return;
        var due = nowMs + (long)(spoolClass == SpoolClass.Urgent ? UrgentDelay : FlushInterval).TotalMilliseconds;
        DueMs = Math.Min(DueMs ?? long.MaxValue, due);
    }

    public bool IsDue(long nowMs) => Count > 0 && (IsFull || nowMs >= DueMs);

    /// <summary>Everything gathered, a block a class, stamped with what is known of time now.</summary>
    internal List<Draft> Close(BlockClock clock)
    {
        var drafts = new List<Draft>(gatherings.Count);
        foreach (var (spoolClass, gathering) in gatherings.OrderBy(pair => pair.Key))
            if (gathering.Readings.Count > 0)
            {
                drafts.Add(Draft.OfReadings(spoolClass, gathering.Readings.ToArray(), clock));
                gathering.Readings.Clear();
            }

        (Count, IsFull, DueMs) = (0, false, null);
        return drafts;
    }

    sealed class Gathering(int capacity)
    {
        public List<Reading> Readings { get; } = new(Math.Min(capacity, 64));
    }
}
