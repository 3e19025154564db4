using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;

namespace EdgeHub.Edge.Spool.Accounting;

/// <summary>
/// The last word on a spool whose writer has ended, by power cut or kill without one of its own: what the copies hold behind its last books
/// is counted. Where a record of that cannot be read there is no last word, and the books before it stay the last.
/// </summary>
sealed class Closing(SpoolBook book, RecordReader reader)
{
    const int WindowRecords = 512;

    /// <summary>Books come each hour; a box that commits each second has some seven windows of records between them.</summary>
    const int WindowsMax = 32;

    readonly Lock gate = new();
    readonly List<Books> unsaid = [];

    /// <summary>Counts while it can: before history goes, and again when a medium refused to be read.</summary>
    public void Count()
    {
        Queue<SpoolState> ended;
        lock (book.Gate)
        {
            ended = new(book.Ended.Where(spool => !spool.IsLocal).Distinct());
            book.Ended.Clear();
        }

        while (ended.TryDequeue(out var spool))
        {
            if (Of(spool) is { } words)
                lock (gate)
                    unsaid.Add(words);
            else if (Count(spool) is null && IsHeld(spool))
                lock (book.Gate)
                    book.Ended.Add(spool);
            if (Unspoken(spool) is { } before)
                ended.Enqueue(before);
        }
    }

    // Of a first commit that was cut off behind the opening the last words on the spool before are missing.
    SpoolState? Unspoken(SpoolState spool)
    {
        if (Count(spool) is not (_, null))
            return null;
        SpoolId? before = null;
        reader.Read(spool, 1, 1, record =>
        {
            before = RecordCodec.TryDecode(record.Bytes, out _)?.Opening is { Predecessor.IsEmpty: false } opening ? SpoolId.Read(opening.Predecessor.Span) : null;
            return false;
        });
        lock (book.Gate)
            return before is { } id ? book.Find(id) : null;
    }

    /// <summary>The last words that are still to be said, each given once.</summary>
    public IReadOnlyList<Books> Take()
    {
        Count();
        lock (gate)
        {
            Books[] taken = [.. unsaid];
            unsaid.Clear();
            return taken;
        }
    }

    // Some copy has it all, so what cannot be read now will be, or gets its tombstone.
    bool IsHeld(SpoolState spool)
    {
        ulong head;
        lock (book.Gate)
            head = spool.Head;
        return head > 0 && reader.Held(spool.Id).ContainsAll(new NumberRange(1, head));
    }

    /// <summary>Null when the spool has said it itself, or nothing can be said.</summary>
    public Books? Of(SpoolState spool)
    {
        if (Count(spool) is not var (tally, said) || tally.Total == (said?.LastSequence ?? 0))
            return null;
        var books = new Books { Spool = ByteString.CopyFrom(spool.Id.ToByteArray()) };
        lock (book.Gate)
            (books.LastNumber, books.LastSequence) = (spool.Head, spool.Readings);
        books.Recorded.AddRange(tally.Counts);
        return new Record { Books = books }.CalculateSize() > WireLimits.RecordBytesMax ? null : books;
    }

    /// <summary>What the spool holds up to its head, and its own last books.</summary>
    public (SpoolTally Tally, Books? Said)? Count(SpoolState spool)
    {
        ulong next;
        lock (book.Gate)
            next = spool.Head + 1;
        var behind = new List<StoredRecord>();
        Books? said = null;
        for (var windows = 0; said is null && next > 1; windows++)
        {
            var first = next > WindowRecords ? next - WindowRecords : 1;
            if (windows == WindowsMax || ReadAll(spool, new NumberRange(first, next - 1)) is not { } window)
                return null;
            var at = window.FindLastIndex(stored => (said = BooksIn(stored)) is not null);
            behind.InsertRange(0, window.Skip(Math.Max(0, at)));
            next = first;
        }

        var tally = new SpoolTally();
        foreach (var stored in behind)
            if (RecordCodec.TryDecode(stored.Bytes, out _) is { } record)
                tally.Take(record);
        return tally.Counts.Count > 0 ? (tally, said) : null;
    }

    List<StoredRecord>? ReadAll(SpoolState spool, NumberRange numbers)
    {
        var records = new List<StoredRecord>(WindowRecords);
        reader.Read(spool, numbers.First, numbers.Last, record =>
        {
            records.Add(record);
            return true;
        });
        return (ulong)records.Count == numbers.Count ? records : null;
    }

    static Books? BooksIn(StoredRecord stored) =>
        stored.Readings == 0 && RecordCodec.TryDecode(stored.Bytes, out _)?.Books is { Spool.IsEmpty: true } books ? books : null;
}
