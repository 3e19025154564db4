using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Ram;

/// <summary>
/// What is read while no medium takes a commit: sent from memory, outside the promise until it is acked or recorded.
/// <para>What always holds:</para>
/// <list type="bullet">
/// <item>It has spools of its own, one a class, whose opening says volatile and names no predecessor. So what a power cut takes along
/// leaves no gap in any spool that was recorded, and no number of those is ever given twice.</item>
/// <item>What the medium refused before stays held with its number: it may be on the medium. Only what comes after it is taken here.</item>
/// <item>When a medium takes writes again, what is not acked is recorded in one commit, byte for byte under its numbers; acks and
/// tombstones with it. From then on these are spools like any other, and their last words go into the books.</item>
/// <item>It is bounded: beyond, the oldest blocks go, normal ones first, and a tombstone in the same spool says which.</item>
/// </list>
/// Everything is guarded by the book's gate.
/// </summary>
sealed partial class RamRing
{
    const int RecordsMax = 16_384;

    readonly SpoolBook spools;
    readonly Composer composer;
    readonly Record catalog;
    readonly long bytesMax;
    readonly ILogger log;
    readonly Dictionary<SpoolId, RamSpool> kept = [];
    long bytes;
    ulong taken;
    ulong lost;

    public RamRing(SpoolBook book, Catalog catalog, string writer, Func<UInt128> newId, SpoolOptions options, ILogger log)
    {
        this.log = log;
        spools = new SpoolBook(0) { Gate = book.Gate };
        composer = new Composer(spools, catalog, writer, newId) { IsVolatile = true };
        this.catalog = new Record { Opening = new Opening(), Catalog = catalog };
        // All of it is to fit into one commit, behind a snapshot.
        bytesMax = Math.Min(options.RamBytes, options.SegmentBytes / 2);
    }

    /// <summary>Nothing is in memory only.</summary>
    public bool IsEmpty => kept.Count == 0;

    /// <summary>Its spools. Under the gate.</summary>
    public IReadOnlyCollection<SpoolState> All => spools.All;

    /// <summary>How it is. Under the gate.</summary>
    public RamHealth Health => new(
        !IsEmpty,
        spools.All.Aggregate(0UL, (sum, spool) => sum + spool.WaitingReadings),
        bytes,
        taken,
        lost);

    /// <summary>Under the gate.</summary>
    public SpoolState? Find(SpoolId id) => spools.Find(id);

    /// <summary>Under the gate.</summary>
    public bool TryGet(SpoolId spool, ulong number, out StoredRecord record)
    {
        record = default;
        return kept.TryGetValue(spool, out var of) && of.Records.TryGetValue(number, out record);
    }

    /// <summary>Under the gate.</summary>
    public IEnumerable<ulong> Numbers(SpoolId spool) => kept.TryGetValue(spool, out var of) ? of.Records.Keys : [];

    /// <summary>Blocks that no medium took. They may be read, and are lost with the power.</summary>
    public List<RecordedNotice> Take(IReadOnlyList<Draft> blocks)
    {
        lock (spools.Gate)
        {
            if (IsEmpty && blocks.Count > 0)
                LogBegins(bytesMax);
            // What never leaves the box has nowhere to go.
            lost += Sum(blocks.Where(draft => draft.Class == SpoolClass.Local));
            taken += Sum(blocks);
            Forget();
            var notices = Add(composer.Compose([.. blocks.Where(draft => draft.Class != SpoolClass.Local)], [], []));
            if (bytes > bytesMax || kept.Values.Sum(spool => spool.Records.Count) > RecordsMax)
                notices.AddRange(Add(composer.Compose([], MakeRoom(), [])));
            return notices;
        }
    }

    /// <summary>What still waits, to be recorded, in order. Under the gate.</summary>
    public List<Survivor> Waiting(int now)
    {
        Forget();
        return [.. kept.Values.OrderBy(spool => spool.State.Class).SelectMany(spool => spool.Records.Values.Select(record => new Survivor(spool.State, record, now)))];
    }

    /// <summary>All of it is recorded now. What its spools counted, for the books of others. Under the gate.</summary>
    public List<Draft> Leave()
    {
        LogRecorded(spools.All.Aggregate(0UL, (sum, spool) => sum + spool.WaitingReadings));
        var words = kept.Values.Select(LastWords).OfType<Draft>().ToList();
        foreach (var spool in kept.Values)
            spools.Drop(spool.State);
        spools.Current.Clear();
        kept.Clear();
        bytes = 0;
        return words;
    }

    List<RecordedNotice> Add(List<PendingRecord> records)
    {
        var notices = new List<RecordedNotice>();
        foreach (var record in records)
        {
            var (state, stored) = (record.Spool, record.Stored);
            if (!kept.TryGetValue(state.Id, out var spool))
            {
                kept.Add(state.Id, spool = new RamSpool(state, catalog));
                state.IsVolatile = true;
                spools.Admit(state);
            }

            spool.Records.Add(stored.Number, stored);
            bytes += Entry.SizeFor(stored.Bytes.Length);
            state.Advance(stored.Number, record.ChainAfter, stored.ReadingsAfter);
            if (record.Buries is { } grave)
                state.Bury(new RangeSet([grave.Numbers]), grave.Edges, grave.Readings);
            else
                spool.Count(stored);
            notices.Add(new RecordedNotice(state.Id, state.Class, new NumberRange(stored.Number, stored.Number), stored.Bytes.Length) { IsVolatile = true });
        }

        return notices;
    }

    // A quarter at once: so that a tombstone stands for many.
    List<Grave> MakeRoom()
    {
        var graves = new List<Grave>();
        foreach (var spool in kept.Values.OrderByDescending(spool => spool.State.Class))
        {
            List<StoredRecord> going = [];
            foreach (var record in spool.Records.Values.Where(record => record.Readings > 0).ToList())
            {
                if (bytes <= bytesMax / 4 * 3)
                    break;
                if (going.Count > 0 && going[^1].Number + 1 != record.Number)
                    Bury();
                going.Add(record);
                spool.Records.Remove(record.Number);
                bytes -= Entry.SizeFor(record.Bytes.Length);
            }

            Bury();

            void Bury()
            {
                if (going.Count == 0)
                    return;
                graves.Add(spool.Bury(going));
                going.Clear();
            }
        }

        var readings = graves.Aggregate(0UL, (sum, grave) => sum + grave.Readings);
        lost += readings;
        LogOverflows(readings);
        return graves;
    }

    // What is acked is in the city's hands.
    void Forget()
    {
        foreach (var spool in kept.Values)
            foreach (var number in spool.Records.Keys.Where(spool.State.Acked.Contains).ToList())
            {
                bytes -= Entry.SizeFor(spool.Records[number].Bytes.Length);
                spool.Records.Remove(number);
            }
    }

    static Draft? LastWords(RamSpool spool)
    {
        var books = new Books { Spool = ByteString.CopyFrom(spool.State.Id.ToByteArray()), LastNumber = spool.State.Head, LastSequence = spool.State.Readings };
        books.Recorded.AddRange(spool.Counts.Select(one => one.Clone()));
        var record = new Record { Books = books };
        return record.CalculateSize() > WireLimits.RecordBytesMax ? null : Draft.OfRecord(spool.State.Class, record);
    }

    static ulong Sum(IEnumerable<Draft> drafts) => drafts.Aggregate(0UL, (sum, draft) => sum + (ulong)draft.Readings.Length);

    [LoggerMessage(232, LogLevel.Error, "No medium takes what is read: it is kept in memory, {Bytes} bytes at most, and sent directly. What is not acked is lost with the power.")]
    private partial void LogBegins(long bytes);

    [LoggerMessage(233, LogLevel.Error, "The memory for what no medium takes is full: the oldest {Readings} readings are dropped; tombstones say which.")]
    private partial void LogOverflows(ulong readings);

    [LoggerMessage(234, LogLevel.Information, "A medium takes writes again: {Readings} readings that were in memory only are recorded.")]
    private partial void LogRecorded(ulong readings);
}
