using EdgeHub.Edge.Spool.Media;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// When no history is left to delete: lets go of what waits, oldest segment first, mildest way first. First the tombstones, the
/// minutes that stand for thinned readings and the records that must stay are recorded and flushed, in one commit; only then the
/// segment is given back. On the thread of the <see cref="Keeper"/>.
/// </summary>
/// <param name="letGo">Commits it. False when the medium refused, or an ack came first.</param>
sealed partial class Thinner(SpoolBook book, MediaSet media, RecordReader reader, Mourner mourner, Func<Farewell, bool> letGo, TimeProvider time, ILogger log)
{
    static readonly Leave[] Ways = [Leave.Thin, Leave.Drop, Leave.DropUrgent];

    /// <summary>So long nothing must have been let go before it is said that there is room: a segment or a file at a time is freed.</summary>
    static readonly TimeSpan Calm = TimeSpan.FromMinutes(10);

    // Segments in which that way frees too little.
    readonly HashSet<(ulong Ordinal, Leave Way)> spent = [];

    long lastAt;

    /// <summary>What is being done to make room; null when there is enough.</summary>
    public Leave? Doing { get; private set; }

    /// <summary>Readings that minutes stand for, since this process started.</summary>
    public ulong Thinned { get; private set; }

    /// <summary>Readings that only a tombstone stands for, since this process started.</summary>
    public ulong Dropped { get; private set; }

    /// <summary>Lets go of one segment. False when there is nothing more to let go of.</summary>
    public bool MakeRoom()
    {
        // The newest is being written, or was when the process before ended.
        var segments = media.Lead.Pool.Used().OrderBy(segment => segment.Header.Ordinal).SkipLast(1).ToList();
        foreach (var way in Ways)
            foreach (var segment in segments)
            {
                if (spent.Contains((segment.Header.Ordinal, way)))
                    continue;
                if (new SegmentPlan(book, reader, mourner, segment, way).Make() is not { } farewell)
                {
                    spent.Add((segment.Header.Ordinal, way));
                    continue;
                }

                if (!letGo(farewell))
                    return false;
                Note(way, farewell.Readings);
                return true;
            }

        return false;
    }

    /// <summary>There is room again: after a while without letting go the state ends.</summary>
    public void Relax()
    {
        if (Doing is null || time.GetElapsedTime(lastAt) < Calm)
            return;
        LogRelaxed();
        Doing = null;
        spent.Clear();
    }

    void Note(Leave way, ulong readings)
    {
        (Doing, lastAt) = (way, time.GetTimestamp());
        if (way == Leave.Thin)
        {
            Thinned += readings;
            LogThinned(readings);
        }
        else
        {
            Dropped += readings;
            LogDropped(readings, way == Leave.DropUrgent ? "urgent ones too" : "normal ones only");
        }
    }

    [LoggerMessage(226, LogLevel.Warning, "The spool's quota is reached: the oldest {Readings} waiting readings became minutes; tombstones say which.")]
    private partial void LogThinned(ulong readings);

    [LoggerMessage(227, LogLevel.Error, "The spool's quota is reached and nothing is left to thin: the oldest {Readings} waiting readings are dropped, {Which}; tombstones say which.")]
    private partial void LogDropped(ulong readings, string which);

    [LoggerMessage(228, LogLevel.Information, "The spool has room again; nothing more is thinned or dropped.")]
    private partial void LogRelaxed();
}
