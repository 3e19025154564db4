using EdgeHub.Edge.Spool.Media;
using EdgeHub.Edge.Spool.Ram;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>Finds records: in memory, else in the journal, else in a sealed LiteDB file. Any thread.</summary>
sealed class RecordReader(SpoolBook book, RamRing ring, MediaSet media, PackShelf shelf)
{
    /// <summary>Records that one copy had lost and the other served.</summary>
    public ulong Repaired { get; private set; }

    /// <summary>
    /// Records from <paramref name="first"/> on, without a gap, until <paramref name="take"/> says false or one is in no copy.
    /// </summary>
    public void Read(SpoolState spool, ulong first, ulong last, Func<StoredRecord, bool> take)
    {
        var next = first;
        var wantsMore = true;
        bool Take(StoredRecord record)
        {
            wantsMore = take(record);
            next = record.Number + 1;
            return wantsMore && next <= last;
        }

        while (wantsMore && next <= last)
        {
            var before = next;
            if (!ReadTail(spool, next, Take) && wantsMore && next <= last)
                ReadCopies(spool, next, Take);
            if (next == before)
                return;
        }
    }

    /// <summary>Consecutive records, at least one however big, else within the limits; null when the first cannot be read.</summary>
    public RecordRun? ReadRun(SpoolState spool, ulong first, ulong last, int recordsMax, int bytesMax)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        RecordHash chainBefore = default;
        ulong readings = 0;
        var bytes = 0;
        Read(spool, first, last, record =>
        {
            if (records.Count > 0 && bytes + record.Bytes.Length > bytesMax)
                return false;
            chainBefore = records.Count == 0 ? record.ChainBefore : chainBefore;
            records.Add(record.Bytes);
            readings += record.Readings;
            bytes += record.Bytes.Length;
            return records.Count < recordsMax;
        });
        return records.Count > 0 ? new RecordRun(spool.Id, spool.Class, first, chainBefore, records, readings) : null;
    }

    /// <summary>A tombstone to be for numbers that are in no copy: what they held is known from their neighbours.</summary>
    public Grave Bury(SpoolState spool, NumberRange numbers, TombstoneReason reason)
    {
        // Where a neighbour is gone too and never knew, what is known beyond it; the new tombstone then counts for both.
        var (before, after) = (numbers.First - 1, numbers.Last);
        lock (book.Gate)
        {
            while (before > 0 && spool.IsGone(before) && spool.Edges.UpTo(before) is null)
                before--;
            while (spool.IsGone(after + 1) && spool.Edges.UpTo(after) is null)
                after++;
        }

        return new Grave(spool, numbers, reason, ReadingsUpTo(spool, numbers.First - 1) ?? ReadingsUpTo(spool, before), ReadingsUpTo(spool, numbers.Last) ?? ReadingsUpTo(spool, after));
    }

    /// <summary>Every number that is in some copy.</summary>
    public RangeSet Held(SpoolId spool)
    {
        var held = new RangeSet(shelf.IntactNumbers(spool));
        var segments = media.Used();
        lock (book.Gate)
        {
            foreach (var segment in segments)
                if (segment.Runs.TryGetValue(spool, out var run))
                    foreach (var numbers in run.Numbers)
                        held.Add(numbers);
            foreach (var number in ring.Numbers(spool))
                held.Add(number);
        }
        return held;
    }

    /// <summary>Whether a record is in any copy.</summary>
    public bool Has(SpoolState spool, ulong number) => ReadOne(spool, number) is not null;

    ulong? ReadingsUpTo(SpoolState spool, ulong number)
    {
        // The first record opens the spool and holds none.
        if (number <= 1)
            return 0;
        lock (book.Gate)
        {
            if (number >= spool.Head)
                return spool.Readings;
            if (spool.Edges.UpTo(number) is { } known)
                return known;
        }

        return ReadOne(spool, number + 1)?.ReadingsBefore ?? ReadOne(spool, number)?.ReadingsAfter;
    }

    StoredRecord? ReadOne(SpoolState spool, ulong number)
    {
        StoredRecord? found = null;
        Read(spool, number, number, record =>
        {
            found = record;
            return false;
        });
        return found;
    }

    bool ReadTail(SpoolState spool, ulong number, Func<StoredRecord, bool> take)
    {
        StoredRecord record;
        do
        {
            lock (book.Gate)
                if (!book.Tail.TryGet(spool.Id, number, out record) && !ring.TryGet(spool.Id, number, out record))
                    return false;
            number++;
        }
        while (take(record));
        return true;
    }

    void ReadCopies(SpoolState spool, ulong number, Func<StoredRecord, bool> take)
    {
        var found = false;
        var wasThere = false;
        foreach (var segment in media.Used())
        {
            int offset;
            lock (book.Gate)
            {
                if (!segment.Runs.TryGetValue(spool.Id, out var run) || !run.Numbers.Contains(number))
                    continue;
                offset = run.OffsetBefore(number);
            }

            wasThere = true;
            ReadSegment(segment, spool.Id, number, offset, record =>
            {
                found = true;
                return take(record);
            });
            if (found)
                return;
        }

        foreach (var record in shelf.Read(spool.Id, number))
        {
            Repaired += wasThere ? 1u : 0u;
            if (!take(record))
                return;
        }
    }

    // A segment that was deleted or cannot be read is one copy less, not an error.
    static void ReadSegment(Segment segment, SpoolId spool, ulong number, int offset, Func<StoredRecord, bool> take)
    {
        try
        {
            segment.Read(spool, number, offset, take);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            segment.ReadErrors++;
        }
    }
}
