using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Drafts to records: gives each its spool, number, sequences and chain value, and encodes it, once. A class's spool is born
/// here with its catalog as record 1. Under the lock of the <see cref="Writer"/>.
/// </summary>
sealed class Composer(SpoolBook book, Catalog catalog, string writer, Func<UInt128> newId)
{
    const ulong CatalogNumber = 1;

    readonly BlockEncoder encoder = new();
    readonly Dictionary<SpoolClass, Cursor> cursors = [];

    /// <summary>Whether new spools say that they are in memory only.</summary>
    public bool IsVolatile { get; init; }

    /// <param name="held">Have their numbers already: what is new comes behind them.</param>
    public List<PendingRecord> Compose(IReadOnlyList<Draft> drafts, IReadOnlyList<Grave> graves, IReadOnlyList<PendingRecord> held)
    {
        cursors.Clear();
        foreach (var record in held)
            cursors[record.Spool.Class] = new Cursor(record.Spool, record.Stored.Number, record.Stored.ReadingsAfter, record.ChainAfter);
        var records = new List<PendingRecord>(drafts.Count + graves.Count + 1);
        foreach (var grave in graves)
            Add(records, grave.Spool.Class, ToTombstone(grave), grave);
        foreach (var draft in drafts)
            if (draft.Record is { } record)
                Add(records, draft.Class, record, null);
            else
                AddBlock(records, draft);
        return records;
    }

    void AddBlock(List<PendingRecord> records, Draft draft)
    {
        var cursor = CursorOf(records, draft.Class);
        var block = encoder.Encode(draft.Readings.Span, catalog.Streams.Count, cursor.NextSequence, CatalogNumber, draft.Clock);
        Add(records, draft.Class, new Record { Block = block }, null, (uint)draft.Readings.Length);
    }

    void Add(List<PendingRecord> records, SpoolClass spoolClass, Record record, Grave? grave, uint readings = 0)
    {
        var cursor = CursorOf(records, spoolClass);
        if (record.Books is { Spool.IsEmpty: true } books)
            books.LastSequence = cursor.NextSequence - 1;
        records.Add(cursor.Take(record.ToByteArray(), readings, grave));
    }

    Cursor CursorOf(List<PendingRecord> records, SpoolClass spoolClass)
    {
        if (cursors.TryGetValue(spoolClass, out var cursor))
            return cursor;
        lock (book.Gate)
        {
            var isBorn = book.Current.TryGetValue(spoolClass, out var spool);
            spool ??= new SpoolState(new SpoolId(newId()), spoolClass);
            cursors.Add(spoolClass, cursor = new Cursor(spool, spool.Head, spool.Readings, spool.Chain));
            if (!isBorn)
                records.Add(cursor.Take(new Record { Opening = ToOpening(spoolClass), Catalog = catalog }.ToByteArray(), 0, null));
        }

        return cursor;
    }

    Opening ToOpening(SpoolClass spoolClass)
    {
        var opening = new Opening { SpoolClass = spoolClass, Writer = writer, Volatile = IsVolatile };
        if (book.LastOf(spoolClass) is { } before)
        {
            opening.Predecessor = ByteString.CopyFrom(before.Id.ToByteArray());
            opening.PredecessorLastNumber = before.Head;
            opening.PredecessorChain = ByteString.CopyFrom(before.Chain.ToByteArray());
        }

        return opening;
    }

    static Record ToTombstone(Grave grave)
    {
        var tombstone = new Tombstone
        {
            Spool = ByteString.CopyFrom(grave.Spool.Id.ToByteArray()),
            FirstNumber = grave.Numbers.First,
            LastNumber = grave.Numbers.Last,
            Reason = grave.Reason,
        };
        if (grave.Readings > 0)
            (tombstone.FirstSequence, tombstone.LastSequence) = (grave.ReadingsBefore!.Value + 1, grave.ReadingsAfter!.Value);
        if (grave.Chains is var (before, after))
            (tombstone.ChainBefore, tombstone.ChainAfter) = (ByteString.CopyFrom(before.ToByteArray()), ByteString.CopyFrom(after.ToByteArray()));
        tombstone.Counts.AddRange(grave.Counts);
        return new Record { Tombstone = tombstone };
    }

    /// <summary>Where a spool will be once the records before are durable.</summary>
    sealed class Cursor(SpoolState spool, ulong head, ulong total, RecordHash chain)
    {
        public ulong NextSequence => total + 1;

        public PendingRecord Take(byte[] bytes, uint readings, Grave? grave)
        {
            if (bytes.Length > WireLimits.RecordBytesMax)
                throw new ArgumentException($"A record has at most {WireLimits.RecordBytesMax} bytes, this one {bytes.Length}.", nameof(bytes));
            var stored = new StoredRecord(++head, chain, total, readings, bytes);
            chain = chain.Then(RecordHash.Of(bytes));
            total += readings;
            return new PendingRecord(spool, stored, chain, grave);
        }
    }
}
