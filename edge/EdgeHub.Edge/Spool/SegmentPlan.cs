using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Goes through what waits of one segment and sorts it into what goes and what survives: catalogs, clock fixes, tombstones and
/// books always do, since what follows could not be understood without them.
/// </summary>
sealed class SegmentPlan(SpoolBook book, RecordReader reader, Mourner mourner, Segment segment, Leave leave)
{
    /// <summary>They are one commit.</summary>
    const int SurvivorsMax = 16_384;

    readonly List<Grave> graves = [];
    readonly List<Draft> aggregates = [];
    readonly List<Survivor> survivors = [];
    readonly Dictionary<ulong, Catalog?> catalogs = [];
    readonly List<Reading> decoded = [];
    long goneBytes;
    long keptBytes;
    Going? going;

    /// <summary>Null when letting go would free too little: less than half of what waits here.</summary>
    public Farewell? Make()
    {
        List<(SpoolState Spool, List<NumberRange> Ranges)> owed = [];
        lock (book.Gate)
            foreach (var (id, run) in segment.Runs)
                if (book.Find(id) is { IsLocal: false } spool)
                    owed.Add((spool, [.. spool.Waiting().SelectMany(run.Numbers.Within)]));
        foreach (var (spool, ranges) in owed)
            Sort(spool, ranges);
        return graves.Count > 0 && keptBytes < goneBytes && survivors.Count <= SurvivorsMax ? new Farewell(graves, aggregates, survivors) : null;
    }

    void Sort(SpoolState spool, List<NumberRange> ranges)
    {
        catalogs.Clear();
        var minutes = new Minutes(spool.Id);
        foreach (var range in ranges)
        {
            for (var next = range.First; next <= range.Last;)
            {
                reader.Read(spool, next, range.Last, record =>
                {
                    Sort(spool, record, minutes);
                    next = record.Number + 1;
                    return true;
                });
                if (next > range.Last)
                    break;
                // In no copy any more: it has a tombstone of its own.
                Bury();
                mourner.Find(spool, next, range.Last);
                next++;
            }

            Bury();
        }

        foreach (var record in minutes.ToRecords())
        {
            keptBytes += Entry.SizeFor(record.CalculateSize());
            aggregates.Add(Draft.OfRecord(SpoolClass.Normal, record));
        }
    }

    void Sort(SpoolState spool, StoredRecord record, Minutes minutes)
    {
        var content = RecordCodec.TryDecode(record.Bytes, out _);
        if (!Goes(spool, content))
        {
            Bury();
            keptBytes += Entry.SizeFor(record.Bytes.Length);
            int at;
            lock (book.Gate)
                at = segment.Runs[spool.Id].TimeBefore(record.Number);
            survivors.Add(new Survivor(spool, record, at));
            return;
        }

        goneBytes += Entry.SizeFor(record.Bytes.Length);
        going ??= new Going(spool, leave == Leave.Thin ? TombstoneReason.Thinned : TombstoneReason.Dropped, record);
        going.Last = record;
        decoded.Clear();
        if (content!.Block is not { } block || !BlockDecoder.TryDecode(block, decoded, out _))
            return;
        if (leave == Leave.Thin)
            minutes.Add(block, decoded);
        if (CatalogOf(spool, block.CatalogNumber) is not { } catalog)
            return;
        foreach (var reading in decoded)
            if (reading.Stream < catalog.Streams.Count)
                going.Count(catalog.Streams[reading.Stream]);
    }

    bool Goes(SpoolState spool, Record? content) => content switch
    {
        { Opening: not null } or null => false,
        { KindCase: Record.KindOneofCase.Block } => spool.Class == SpoolClass.Normal || leave == Leave.DropUrgent,
        { KindCase: Record.KindOneofCase.Aggregates } => leave != Leave.Thin,
        _ => false,
    };

    void Bury()
    {
        if (going is not null)
            graves.Add(going.ToGrave());
        going = null;
    }

    Catalog? CatalogOf(SpoolState spool, ulong number)
    {
        if (!catalogs.TryGetValue(number, out var catalog))
        {
            reader.Read(spool, number, number, record =>
            {
                catalog = RecordCodec.TryDecode(record.Bytes, out _)?.Catalog;
                return false;
            });
            catalogs.Add(number, catalog);
        }

        return catalog;
    }

    /// <summary>Consecutive records that go together.</summary>
    sealed class Going(SpoolState spool, TombstoneReason reason, StoredRecord first)
    {
        readonly StoredRecord first = first;
        readonly Dictionary<(string Sensor, string Quantity), ulong> counts = [];

        public StoredRecord Last { get; set; } = first;

        public void Count(Wire.Proto.Stream stream) =>
            counts[(stream.Sensor, stream.Quantity)] = counts.GetValueOrDefault((stream.Sensor, stream.Quantity)) + 1;

        public Grave ToGrave() => new(spool, new NumberRange(first.Number, Last.Number), reason, first.ReadingsBefore, Last.ReadingsAfter)
        {
            Chains = (first.ChainBefore, Last.ChainBefore.Then(RecordHash.Of(Last.Bytes.Span))),
            Counts = [.. counts.OrderBy(pair => pair.Key).Select(pair => new StreamCount { Sensor = pair.Key.Sensor, Quantity = pair.Key.Quantity, Count = pair.Value })],
        };
    }
}
