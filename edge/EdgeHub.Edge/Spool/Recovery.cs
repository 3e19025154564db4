using EdgeHub.Edge.Spool.Media;
using EdgeHub.Hosting;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// From what lies on the media to a book: always the same way, whether the last stop was clean or not. First everything is
/// looked at, so that a newer format is refused with nothing touched; then unsealed LiteDB files make way and the journal is
/// replayed, from both media when there are two; what no copy has any more becomes a hole that gets its tombstone.
/// </summary>
sealed partial class Recovery(SpoolOptions options, SpoolBook book, MediaSet media, Doorkeeper doorkeeper, PackShelf shelf, Union union, RecordReader reader, RecordClock clock, ILogger log)
{
    /// <summary>Where the journal goes on; null when it begins a new segment.</summary>
    public Segment? Last { get; private set; }

    public uint LastCommit { get; private set; }

    /// <summary>How the journal came to be what it is.</summary>
    public Lineage Lineage { get; private set; } = new();

    /// <summary>What no copy has: their tombstones are to be recorded.</summary>
    public List<Grave> Lost { get; } = [];

    public void Run()
    {
        doorkeeper.Open();
        using var primary = media.Primary.Disk.IsOpen ? JournalScan.Open(media.Primary.Disk, log) : null;
        using var mirror = doorkeeper.ScanMirror();
        if (primary is not null)
            shelf.TakeIn();
        Read(primary, mirror);
        foreach (var medium in media.All)
        {
            SyncWhatWasRead(medium.Pool.Used());
            Lineage.Learn(medium.Pool.Used());
        }

        // With two media a segment is only ever written by one process: so its copies can never be written on separately.
        Last = media.Mirror is null && primary?.Segments is [.., { Runs.Count: > 0, IsBroken: false } last] && last.File.Length == options.SegmentBytes ? last : null;
        book.AddSealed(shelf);
        foreach (var spool in book.All)
            Settle(spool);
        LogRecovered(book.All.Count, media.Used().Count, (primary?.TakenBack ?? 0) + (mirror?.TakenBack ?? 0), Lost.Count);
    }

    void Read(JournalScan? primary, JournalScan? mirror)
    {
        var first = Read(media.Primary, primary);
        var second = Read(media.Mirror, mirror);
        LastCommit = Math.Max(primary?.LastCommit ?? 0, mirror?.LastCommit ?? 0);
        Lineage = (primary ?? mirror)!.Lineage;
        if (primary is null || mirror is null)
        {
            book.TakeOver(primary is null ? second : first);
            return;
        }

        mirror.FindForks(primary.Segments);
        if (mirror.IsWithin(primary.Segments, primary.Lineage))
        {
            book.TakeOver(first);
            return;
        }

        // The mirror led when the box stopped, or went on alone.
        book.TakeOver(second);
        Lineage = mirror.Lineage;
        if (first.All.Count == 0)
            LogBlank();
        if (!primary.IsWithin(mirror.Segments, mirror.Lineage))
            union.Merge(first, media.Primary, isLive: false);
    }

    SpoolBook Read(Medium? medium, JournalScan? scan)
    {
        var found = new SpoolBook(0);
        if (medium is null || scan is null)
            return found;
        scan.Read(found, medium.Pool, options, clock);
        medium.Attached();
        return found;
    }

    // A process that was killed may have written without flushing: what was read must be on the medium before it counts.
    void SyncWhatWasRead(IReadOnlyList<Segment> segments)
    {
        foreach (var segment in segments.TakeLast(2))
            try
            {
                segment.File.Sync();
            }
            catch (IOException e)
            {
                LogUnsynced(e, segment.File.Name);
                segment.IsBroken = true;
                Last = Last == segment ? null : Last;
            }
    }

    void Settle(SpoolState spool)
    {
        spool.SettleKnown();
        var journaled = new RangeSet();
        foreach (var segment in media.Used())
            if (segment.Runs.TryGetValue(spool.Id, out var run))
                journaled.AddAll(run.Numbers);
        spool.Unpacked.AddAll(journaled);
        foreach (var range in spool.Sealed)
            spool.Unpacked.Remove(range);
        journaled.AddAll(spool.Sealed);
        // With one of two media away it waits for that one; whoever reads it when both are there finds it missing.
        foreach (var range in media.IsOneAway ? [] : spool.Waiting())
            foreach (var hole in journaled.GapsIn(range).ToList())
            {
                LogLost(spool.Id, hole);
                var grave = reader.Bury(spool, hole, TombstoneReason.Damaged);
                spool.Miss(grave);
                Lost.Add(grave);
            }

        spool.CountDownIfDone();
    }

    [LoggerMessage(202, LogLevel.Information, "Spools opened: {Spools} known, {Segments} journal segments, {TakenBack} entries of a commit that was cut off, {Holes} gaps.")]
    private partial void LogRecovered(int spools, int segments, int takenBack, int holes);

    [LoggerMessage(204, LogLevel.Error, "Journal segment {Segment} cannot be flushed and is not written again.")]
    private partial void LogUnsynced(Exception error, string segment);

    [LoggerMessage(242, LogLevel.Warning, "The first medium is blank and the mirror is not: everything is taken from the mirror.")]
    private partial void LogBlank();

    [LoggerMessage(205, LogLevel.Error, "Spool {Spool} has lost records {Numbers}: neither copy holds them; a tombstone says so.")]
    private partial void LogLost(SpoolId spool, NumberRange numbers);
}
