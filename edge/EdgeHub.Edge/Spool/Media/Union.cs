using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// Joins what two media know that went on apart: records by spool and number, acks and tombstones too. Nothing is taken away:
/// at worst the city is sent again what it has, and says so.
/// </summary>
sealed partial class Union(SpoolBook book, RecordReader reader, Committer committer, ILogger log)
{
    /// <summary>Spools that both media hold with different records under one number.</summary>
    public ulong Contradictions { get; private set; }

    /// <param name="theirs">What was read back from the other medium.</param>
    /// <param name="isLive">The book is in use: what is new is packed and noted from here on.</param>
    public void Merge(SpoolBook theirs, Medium medium, bool isLive)
    {
        foreach (var spool in theirs.All)
            if (Find(spool.Id) is { } ours)
                Join(ours, spool, isLive);
            else
                lock (book.Gate)
                {
                    book.Adopt(spool);
                    book.Ended.Add(spool);
                }
        if (!isLive)
            return;
        lock (book.Gate)
            foreach (var spool in theirs.All)
                if (book.Find(spool.Id) is { } ours)
                    Keep(ours, medium);
    }

    void Join(SpoolState ours, SpoolState theirs, bool isLive)
    {
        if (ours.Head > 0 && theirs.Head > 0 && ChainAt(ours, theirs, Math.Min(ours.Head, theirs.Head)) is var (one, other) && one != other)
        {
            // The first that is found serves; both stay where they are.
            Contradictions++;
            LogContradiction(ours.Id, Math.Min(ours.Head, theirs.Head));
        }

        var acked = new RangeSet(theirs.Acked);
        var tombstoned = new RangeSet(theirs.Tombstoned);
        lock (book.Gate)
        {
            Take(acked, ours.Acked, ours.Tombstoned);
            Take(tombstoned, ours.Acked, ours.Tombstoned);
            if (theirs.Head > ours.Head)
                ours.Advance(theirs.Head, theirs.Chain, theirs.Readings);
        }

        var readings = CountReadings(ours, acked);
        lock (book.Gate)
        {
            ours.Acked.AddAll(acked);
            ours.SetAside.AddAll(theirs.SetAside);
            ours.WaitingReadings -= Math.Min(readings, ours.WaitingReadings);
            if (!tombstoned.IsEmpty)
                ours.Bury(tombstoned, theirs.Edges, theirs.TombstonedReadings - Math.Min(theirs.TombstonedReadings, ours.TombstonedReadings));
            if (isLive && !acked.IsEmpty)
                committer.Add(new Note(EntryKind.Released, ours, acked, readings));
            ours.CountDownIfDone();
        }
    }

    // What is on the other medium and still wanted gets its place in LiteDB too.
    static void Keep(SpoolState spool, Medium medium)
    {
        spool.Settled.AddAll(spool.Tombstoned);
        foreach (var segment in medium.Pool.Used())
            if (segment.Runs.TryGetValue(spool.Id, out var run))
            {
                var wanted = new RangeSet(run.Numbers);
                Take(wanted, spool.Settled, spool.Sealed, spool.Packed);
                spool.Unpacked.AddAll(wanted);
            }

        spool.UnpackedBytes += spool.Unpacked.IsEmpty ? 0 : PackCodec.RawBytes;
    }

    (RecordHash One, RecordHash Other)? ChainAt(SpoolState ours, SpoolState theirs, ulong number)
    {
        var (shorter, longer) = ours.Head <= theirs.Head ? (ours, theirs) : (theirs, ours);
        if (shorter.Head == longer.Head)
            return (shorter.Chain, longer.Chain);
        (RecordHash, RecordHash)? found = null;
        reader.Read(longer, number, number, record =>
        {
            found = (shorter.Chain, record.ChainBefore.Then(RecordHash.Of(record.Bytes.Span)));
            return false;
        });
        return found;
    }

    ulong CountReadings(SpoolState spool, RangeSet numbers)
    {
        ulong readings = 0;
        foreach (var range in numbers)
            reader.Read(spool, range.First, range.Last, record =>
            {
                readings += record.Readings;
                return true;
            });
        return readings;
    }

    SpoolState? Find(SpoolId id)
    {
        lock (book.Gate)
            return book.Find(id);
    }

    static void Take(RangeSet from, params ReadOnlySpan<RangeSet> known)
    {
        foreach (var set in known)
            foreach (var range in set)
                from.Remove(range);
    }

    [LoggerMessage(243, LogLevel.Error, "The two media hold different records under the same numbers of spool {Spool}, at or before {Number}: a copied card, or tampering. Keep both and compare them; the first that is found is sent.")]
    private partial void LogContradiction(SpoolId spool, ulong number);
}
