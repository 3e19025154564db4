using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Blocks of one spool as minutes: minimum, mean, maximum and count of each stream and origin, by start of the kernel and catalog. A minute
/// is one of boot time, so a clock that comes right later dates it as it would have dated the readings. Readings without a value
/// are in no minute; the tombstone counts them.
/// </summary>
sealed class Minutes(SpoolId spool)
{
    /// <summary>Of one record: well below its 256 KiB.</summary>
    const int MinutesPerRecord = 4096;

    const long MinuteMs = 60_000;

    readonly SortedDictionary<(ulong Catalog, ByteString Boot, long Minute, int Stream, Origin Origin), Cell> cells = new(Comparer<(ulong Catalog, ByteString Boot, long Minute, int Stream, Origin Origin)>.Create(Compare));

    public void Add(Block block, IReadOnlyList<Reading> readings)
    {
        foreach (var reading in readings)
        {
            if (!reading.Quality.HasValue())
                continue;
            var key = (block.CatalogNumber, block.BootId, reading.BootTimeMs / MinuteMs, reading.Stream, reading.Origin);
            if (!cells.TryGetValue(key, out var cell))
                cells.Add(key, cell = new Cell());
            cell.Add(reading.Value);
        }
    }

    public List<Record> ToRecords()
    {
        var records = new List<Record>();
        foreach (var group in cells.GroupBy(pair => (pair.Key.Catalog, pair.Key.Boot)))
            foreach (var chunk in group.Chunk(MinutesPerRecord))
            {
                var aggregates = new Aggregates { Spool = ByteString.CopyFrom(spool.ToByteArray()), CatalogNumber = group.Key.Catalog, BootId = group.Key.Boot };
                foreach (var ((_, _, minute, stream, origin), cell) in chunk)
                    aggregates.Minutes.Add(new Minute { Stream = (uint)stream, BootTimeMs = (ulong)(minute * MinuteMs), Minimum = cell.Minimum, Mean = cell.Mean, Maximum = cell.Maximum, Count = cell.Count, Origin = origin });
                records.Add(new Record { Aggregates = aggregates });
            }

        return records;
    }

    static int Compare((ulong Catalog, ByteString Boot, long Minute, int Stream, Origin Origin) a, (ulong Catalog, ByteString Boot, long Minute, int Stream, Origin Origin) b) =>
        a.Catalog != b.Catalog ? a.Catalog.CompareTo(b.Catalog)
        : a.Boot.Span.SequenceCompareTo(b.Boot.Span) is not 0 and var boots ? boots
        : a.Minute != b.Minute ? a.Minute.CompareTo(b.Minute)
        : a.Stream != b.Stream ? a.Stream.CompareTo(b.Stream)
        : a.Origin.CompareTo(b.Origin);

    sealed class Cell
    {
        public double Minimum { get; private set; } = double.PositiveInfinity;

        public double Maximum { get; private set; } = double.NegativeInfinity;

        public double Mean { get; private set; }

        public uint Count { get; private set; }

        // The running mean (Welford) neither overflows nor drifts as a sum would.
        public void Add(double value)
        {
            Count++;
            Minimum = Math.Min(Minimum, value);
            Maximum = Math.Max(Maximum, value);
            Mean += (value - Mean) / Count;
        }
    }
}
