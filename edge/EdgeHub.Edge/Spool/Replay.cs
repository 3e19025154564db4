using EdgeHub.Edge.Spool.Media;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Reads the journal back into a book, segment after segment in the order of their use. Commits are taken whole: the last
/// one of a run, when an entry of it is missing, was cut off before it was reported to anyone and is taken back. Any other
/// gap is damage and only skips what is missing.
/// </summary>
sealed class Replay(SpoolBook book, RecordClock clock)
{
    readonly List<Seen> pending = [];
    (ulong Ordinal, uint Commit) pendingOf;

    /// <summary>Number of the last commit that was begun.</summary>
    public uint LastCommit { get; private set; }

    /// <summary>As the last segment's start tells it.</summary>
    public Lineage Lineage { get; private set; } = new();

    /// <summary>Entries of commits that were cut off.</summary>
    public int TakenBack { get; private set; }

    public void Run(IEnumerable<Segment> inOrder)
    {
        foreach (var segment in inOrder)
            foreach (var (entry, offset) in SegmentScan.Run(segment.File, segment.Header.Salt, SegmentHeader.PageBytes, segment.Limit))
            {
                segment.Found(entry, offset);
                Add(segment, entry, offset);
            }

        EndCommit(isEndOfRun: true);
    }

    void Add(Segment segment, in Entry entry, int offset)
    {
        if (pending.Count > 0 && pendingOf != (segment.Header.Ordinal, entry.Commit))
            EndCommit(isEndOfRun: unchecked(entry.Commit - pendingOf.Commit) >= Journal.RunGap);
        pendingOf = (segment.Header.Ordinal, entry.Commit);
        LastCommit = entry.Commit;
        var isRecord = entry.Kind == EntryKind.Record;
        var chainAfter = isRecord ? entry.Chain.Then(RecordHash.Of(entry.Payload.Span)) : entry.Chain;
        // The payload's window moves on; of a record only its place is kept.
        pending.Add(new Seen(segment, entry with { Payload = isRecord ? default : entry.Payload.ToArray() }, offset, chainAfter, entry.Payload.Length));
    }

    void EndCommit(bool isEndOfRun)
    {
        if (pending.Count == 0)
            return;
        var isWhole = pending[0].Entry.Before == 0 && pending[^1].Entry.Left == 0 && pending[^1].Entry.Before == pending.Count - 1;
        if (isWhole || !isEndOfRun)
            Apply();
        else
            TakenBack += pending.Count;
        pending.Clear();
    }

    void Apply()
    {
        DropUnknownToSnapshot();
        // Acks count from the moment they come, so the snapshot of their commit has them; tombstones only from the commit on.
        var isInSnapshot = pending.Exists(seen => seen.Entry.Kind == EntryKind.Start);
        foreach (var seen in pending)
        {
            var entry = seen.Entry;
            if (entry is { Kind: EntryKind.Start, Payload.IsEmpty: false })
                Lineage = Lineage.Read(entry.Payload.Span);
            if (entry.Kind is EntryKind.Start or EntryKind.End)
                continue;
            var spool = book.FindOrAdd(entry.Spool, entry.Class);
            switch (entry.Kind)
            {
                case EntryKind.Record:
                    seen.Segment.Add(entry.Spool, entry.Number, seen.Offset, clock.Of(entry.Time));
                    if (entry.Number <= spool.Head)
                        break;
                    Advance(spool, entry.Number, seen.ChainAfter, entry.Total + entry.Readings);
                    spool.UnpackedBytes += seen.Bytes;
                    break;
                case EntryKind.Head:
                    if (entry.Number > spool.Head)
                        Advance(spool, entry.Number, entry.Chain, entry.Total);
                    break;
                case EntryKind.Snapshot:
                    spool.Restore(entry);
                    break;
                case EntryKind.Tombstoned:
                    Note.Replay(entry, spool);
                    break;
                default:
                    if (!isInSnapshot)
                        Note.Replay(entry, spool);
                    break;
            }
        }
    }

    void Advance(SpoolState spool, ulong head, RecordHash chain, ulong readings)
    {
        if (spool.Head == 0 && !spool.IsLastOfClass)
        {
            if (book.LastOf(spool.Class) is { } before)
                before.IsLastOfClass = false;
            spool.IsLastOfClass = true;
        }

        spool.Advance(head, chain, readings);
    }

    void DropUnknownToSnapshot()
    {
        var start = pending.Find(seen => seen.Entry.Kind == EntryKind.Start);
        if (start.Segment is not null)
            DropAllBut([.. pending.Where(seen => seen.Entry.Kind == EntryKind.Snapshot).Select(seen => seen.Entry.Spool)], start.Entry.Number);
    }

    // A complete snapshot is all there was: a spool it does not name had been forgotten on purpose.
    // On its own, since what a lambda captures would be garbage for every commit that is read.
    void DropAllBut(HashSet<SpoolId> named, ulong complete)
    {
        if ((ulong)named.Count != complete)
            return;
        foreach (var stranger in book.All.Where(spool => !named.Contains(spool.Id)).ToList())
            book.Drop(stranger);
    }

    readonly record struct Seen(Segment Segment, Entry Entry, int Offset, RecordHash ChainAfter, int Bytes);
}
