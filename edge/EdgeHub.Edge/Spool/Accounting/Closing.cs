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

    /// <summary>The last words that are still to be said.</summary>
    public IReadOnlyList<Books> Take()
    {
        SpoolState[] unsaid;
        lock (book.Gate)
        {
            unsaid = [.. book.Ended.Where(spool => !spool.IsLocal).Distinct()];
            book.Ended.Clear();
        }

        return [.. unsaid.Select(Of).OfType<Books>()];
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
