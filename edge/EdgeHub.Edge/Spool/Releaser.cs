using EdgeHub.Edge.Spool.Media;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>What an ack may do: let go of what the city holds, if it proves that it holds the same bytes; and take that back.</summary>
sealed partial class Releaser(SpoolBook book, MediaSet media, RecordReader reader, Committer committer, ILogger log)
{
    public ReleaseResult Release(SpoolState spool, IReadOnlyList<NumberRange> stored, IReadOnlyList<NumberRange> setAside, RecordHash digest)
    {
        var named = new RangeSet(stored);
        named.AddAll(setAside);
        lock (book.Gate)
        {
            var expected = stored.Concat(setAside).Aggregate(0UL, (sum, range) => sum + range.Count);
            if (named.IsEmpty || named.Contains(0) || named.Last > spool.Head || named.Count != expected)
                return new ReleaseResult(ReleaseOutcome.UnknownNumbers, 0, 0);
            if (named.All(spool.Acked.ContainsAll))
                return new ReleaseResult(ReleaseOutcome.AlreadyReleased, 0, 0);
        }

        var hashes = new List<RecordHash>();
        var readings = new List<uint>();
        foreach (var range in named)
            reader.Read(spool, range.First, range.Last, record =>
            {
                hashes.Add(RecordHash.Of(record.Bytes.Span));
                readings.Add(record.Readings);
                return true;
            });
        if ((ulong)hashes.Count != named.Count)
            return new ReleaseResult(ReleaseOutcome.Unreadable, 0, 0);
        return RecordHash.DigestOf(hashes) == digest
            ? LetGo(spool, named, new RangeSet(setAside), readings)
            : new ReleaseResult(ReleaseOutcome.DigestDiffers, 0, 0);
    }

    /// <param name="readings">Of each number named, in order.</param>
    ReleaseResult LetGo(SpoolState spool, RangeSet named, RangeSet setAside, List<uint> readings)
    {
        lock (book.Gate)
        {
            ulong records = 0;
            ulong released = 0;
            ulong revived = 0;
            var next = 0;
            foreach (var range in named)
                for (var number = range.First; number <= range.Last; number++, next++)
                    if (spool.Tombstoned.Contains(number))
                    {
                        revived += readings[next];
                    }
                    else if (!spool.Acked.Contains(number))
                    {
                        records++;
                        released += readings[next];
                    }

            spool.Acked.AddAll(named);
            spool.SetAside.AddAll(setAside);
            spool.WaitingReadings -= Math.Min(released, spool.WaitingReadings);
            committer.Add(new Note(EntryKind.Released, spool, named, released));
            if (named.Any(range => spool.Tombstoned.Within(range).Any()))
            {
                spool.Revive(named, revived);
                committer.Add(new Note(EntryKind.Revived, spool, named, revived));
            }

            spool.CountDownIfDone();
            if (!setAside.IsEmpty)
                committer.Add(new Note(EntryKind.SetAside, spool, setAside, 0));
            return new ReleaseResult(ReleaseOutcome.Released, records, released);
        }
    }

    public void Unrelease(SpoolState spool, IReadOnlyList<NumberRange> missing)
    {
        var lost = new RangeSet();
        lock (book.Gate)
            foreach (var range in missing)
                lost.AddAll(spool.Acked.Within(range).ToList());
        if (lost.IsEmpty)
            return;
        // From here on no copy of them goes as history.
        lock (book.Gate)
            foreach (var range in lost)
                spool.Settled.Remove(range);
        var (kept, readings) = FindKept(spool, lost);
        var graves = lost.SelectMany(kept.GapsIn).Select(gone => reader.Bury(spool, gone, TombstoneReason.EvictedAfterAck)).ToList();
        readings += graves.Aggregate(0UL, (sum, grave) => sum + grave.Readings);
        lock (book.Gate)
        {
            foreach (var range in lost)
            {
                spool.Acked.Remove(range);
                spool.SetAside.Remove(range);
            }

            // On a medium that is away it may still be: then it waits like the rest.
            foreach (var grave in media.IsOneAway ? [] : graves)
            {
                spool.Miss(grave);
                committer.Add(grave);
            }

            spool.WaitingReadings += readings;
            committer.Add(new Note(EntryKind.Unreleased, spool, lost, readings));
        }

        LogUnreleased(spool.Id, kept.Count, lost.Count - kept.Count);
    }

    (RangeSet Kept, ulong Readings) FindKept(SpoolState spool, RangeSet lost)
    {
        var kept = new RangeSet();
        ulong readings = 0;
        // What memory alone still has is gone in a moment: it must not be called kept.
        var held = reader.Held(spool.Id);
        foreach (var range in lost.SelectMany(held.Within).ToList())
            for (var next = range.First; next <= range.Last; next++)
                reader.Read(spool, next, range.Last, record =>
                {
                    kept.Add(record.Number);
                    readings += record.Readings;
                    next = record.Number;
                    return true;
                });
        return (kept, readings);
    }

    [LoggerMessage(224, LogLevel.Warning, "The city lost records of spool {Spool} that it had acked: {Kept} wait again, {Gone} are no longer kept and get a tombstone.")]
    private partial void LogUnreleased(SpoolId spool, ulong kept, ulong gone);
}
