using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// From what lies on the medium to a book: always the same way, whether the last stop was clean or not. First everything is
/// looked at, so that a newer format is refused with nothing touched; then unsealed LiteDB files make way and the journal is
/// replayed; what neither copy has any more becomes a hole that gets its tombstone.
/// </summary>
sealed partial class Recovery(IDisk disk, SpoolOptions options, SpoolBook book, SegmentPool pool, PackShelf shelf, RecordReader reader, RecordClock clock, ILogger log)
{
    const string JournalAsideSuffix = ".aside";

    /// <summary>Where the journal goes on.</summary>
    public Segment? Last { get; private set; }

    public uint LastCommit { get; private set; }

    /// <summary>What neither copy has: their tombstones are to be recorded.</summary>
    public List<Grave> Lost { get; } = [];

    public void Run()
    {
        var names = disk.List();
        var files = names.Where(SegmentPool.IsName).Order(StringComparer.Ordinal).Select(name => disk.Open(name, writable: true)).ToList();
        List<(IDiskFile File, SegmentHeader? Header)> headers;
        try
        {
            headers = [.. files.Select(file => (file, SegmentHeader.Read(file)))];
            shelf.Open(names);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }

        shelf.SetAside(names);
        foreach (var (file, header) in headers)
            if (header is null)
                Reject(file);
        var segments = headers.Where(pair => pair.Header is not null).OrderBy(pair => pair.Header!.Value.Ordinal)
            .Select(pair => new Segment(pair.File, pair.Header!.Value, (int)pair.File.Length)).ToList();
        var replay = new Replay(book, clock);
        replay.Run(segments);
        LastCommit = replay.LastCommit;
        foreach (var segment in segments.Where(IsUnused).ToList())
        {
            segments.Remove(segment);
            pool.AdoptFree(segment);
        }

        segments.ForEach(pool.Adopt);
        Last = segments.FindLast(segment => segment.Runs.Count > 0) is { } last && last == segments[^1] && last.File.Length == options.SegmentBytes ? last : null;
        SyncWhatWasRead(segments);
        AddSealed();
        foreach (var spool in book.All)
            Settle(spool);
        LogRecovered(book.All.Count, segments.Count, replay.TakenBack, Lost.Count);
    }

    bool IsUnused(Segment segment) => segment.Tail == SegmentHeader.PageBytes && segment.File.Length == options.SegmentBytes;

    // Without a header nothing in a file can be read. A new file that was cut off is simply free; one that was in use is kept
    // for a look, since its records are served from LiteDB.
    void Reject(IDiskFile file)
    {
        Span<byte> front = stackalloc byte[SegmentHeader.PageBytes];
        var isBlank = file.Read(0, front) == front.Length && !front.ContainsAnyExcept((byte)0);
        if (isBlank && file.Length == options.SegmentBytes)
        {
            pool.AdoptFree(file);
            return;
        }

        file.Dispose();
        if (isBlank || file.Name.Length == 0)
        {
            disk.Delete(file.Name);
            return;
        }

        LogHeaderless(file.Name);
        disk.Rename(file.Name, file.Name + JournalAsideSuffix);
    }

    // A process that was killed may have written without flushing: what was read must be on the medium before it counts.
    void SyncWhatWasRead(List<Segment> segments)
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

    void AddSealed()
    {
        foreach (var file in shelf.Files())
            foreach (var (id, numbers) in file.Numbers)
            {
                var spool = book.FindOrAdd(id, file.Classes[id]);
                spool.Sealed.AddAll(numbers);
                if (numbers.Last <= spool.Head)
                    continue;
                if (shelf.Read(id, numbers.Last) is [var last, ..])
                    spool.Advance(numbers.Last, last.ChainBefore.Then(RecordHash.Of(last.Bytes.Span)), last.ReadingsAfter);
                else
                    spool.Advance(numbers.Last, spool.Chain, spool.Readings);
            }
    }

    void Settle(SpoolState spool)
    {
        spool.SettleKnown();
        var journaled = new RangeSet();
        foreach (var segment in pool.Used())
            if (segment.Runs.TryGetValue(spool.Id, out var run))
                journaled.AddAll(run.Numbers);
        spool.Unpacked.AddAll(journaled);
        foreach (var range in spool.Sealed)
            spool.Unpacked.Remove(range);
        journaled.AddAll(spool.Sealed);
        foreach (var range in spool.Waiting())
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

    [LoggerMessage(203, LogLevel.Error, "Journal file {File} has no readable header and is set aside.")]
    private partial void LogHeaderless(string file);

    [LoggerMessage(204, LogLevel.Error, "Journal segment {Segment} cannot be flushed and is not written again.")]
    private partial void LogUnsynced(Exception error, string segment);

    [LoggerMessage(205, LogLevel.Error, "Spool {Spool} has lost records {Numbers}: neither copy holds them; a tombstone says so.")]
    private partial void LogLost(SpoolId spool, NumberRange numbers);
}
