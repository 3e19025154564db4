using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;
using Envelope = EdgeHub.Wire.Envelope;
using Record = EdgeHub.Wire.Proto.Record;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>A box as the bridge sees it: one spool of records, and envelopes of any part of it.</summary>
sealed class TestBox
{
    /// <summary>2026-09-21 in Unix milliseconds: boot time 0 of every test box.</summary>
    public const long Offset = 1_790_000_000_000;

    readonly BlockEncoder encoder = new();
    readonly List<byte[]> records = [];
    readonly List<RecordHash> chain = [RecordHash.Zero];
    readonly SpoolClass spoolClass;
    readonly long offset;

    public TestBox(string gateway, int seed, SpoolClass spoolClass = SpoolClass.Normal, UInt128? boot = null, long offset = Offset)
    {
        Gateway = gateway;
        Spool = new SpoolId(((UInt128)(uint)seed << 64) + 7);
        Boot = boot ?? (UInt128)(uint)seed + 1;
        this.offset = offset;
        this.spoolClass = spoolClass;
    }

    public string Gateway { get; }

    public SpoolId Spool { get; }

    public UInt128 Boot { get; }

    public int StreamCount { get; private set; }

    public ulong Head => (ulong)records.Count;

    public long Sequence { get; private set; }

    public ulong CatalogNumber { get; private set; }

    public ulong Add(Record record) => AddRaw(record.ToByteArray());

    public ulong AddRaw(byte[] bytes)
    {
        records.Add(bytes);
        chain.Add(chain[^1].Then(RecordHash.Of(bytes)));
        return Head;
    }

    /// <summary>Changes a record's bytes, and the chain from there on, as a copied or restored box would.</summary>
    public void Replace(ulong number, byte[] bytes)
    {
        records[(int)number - 1] = bytes;
        for (var i = (int)number; i <= records.Count; i++)
            chain[i] = chain[i - 1].Then(RecordHash.Of(records[i - 1]));
    }

    public ulong AddCatalog(int streams = 2, string site = "pump-room-7", string area = "330106/005/012", string unit = "ug/m3")
    {
        var catalog = new Catalog { Site = site, Area = area };
        for (var i = 0; i < streams; i++)
            catalog.Streams.Add(new EdgeHub.Wire.Proto.Stream { Sensor = $"pms{i + 1}", Quantity = "pm2_5", Unit = unit, SpoolClass = spoolClass, Classification = "general-2", Model = "pms5003" });
        return AddCatalog(catalog);
    }

    public ulong AddCatalog(Catalog catalog)
    {
        StreamCount = catalog.Streams.Count;
        return CatalogNumber = Add(new Record { Catalog = catalog });
    }

    /// <summary>A block of <paramref name="count"/> readings a second apart from <paramref name="bootTimeMs"/>; values count up from <paramref name="value"/>.</summary>
    public ulong AddBlock(int count = 4, long bootTimeMs = 1000, double value = 1, ClockQuality clock = ClockQuality.Ntp, ulong? catalog = null)
    {
        var readings = Enumerable.Range(0, count).Select(i => new Reading(i % StreamCount, bootTimeMs + (i * 1000L), value + i, Quality.Good)).ToArray();
        return AddReadings(readings, clock, catalog);
    }

    public ulong AddReadings(Reading[] readings, ClockQuality clock = ClockQuality.Ntp, ulong? catalog = null)
    {
        var block = encoder.Encode(readings, StreamCount, (ulong)Sequence + 1, catalog ?? CatalogNumber, new BlockClock(Boot, clock == ClockQuality.None ? 0 : offset, clock));
        Sequence += readings.Length;
        return Add(new Record { Block = block });
    }

    public ulong AddClockFix(long offset = Offset) => Add(new Record
    {
        ClockFix = new ClockFix { BootId = ByteString.CopyFrom(new SpoolId(Boot).ToByteArray()), BootTimeMs = 90_000, UnixOffsetMs = offset, ErrorMs = 40, Source = ClockQuality.Ntp },
    });

    public ulong AddTombstone(SpoolId about, ulong first, ulong last) => Add(new Record
    {
        Tombstone = new Tombstone { Spool = ByteString.CopyFrom(about.ToByteArray()), FirstNumber = first, LastNumber = last, Reason = TombstoneReason.Dropped },
    });

    public Envelope Envelope(ulong first, ulong last, Lane lane = Lane.Live) => new(
        Gateway,
        Spool,
        spoolClass,
        lane,
        first,
        [.. records.Skip((int)first - 1).Take((int)(last - first + 1)).Select(bytes => (ReadOnlyMemory<byte>)bytes)],
        chain[(int)first - 1]);

    public Envelope All(Lane lane = Lane.Live) => Envelope(1, Head, lane);

    public DeliveredRecord[] Deliver(ulong first, ulong last, Lane lane = Lane.Live) => DeliveredRecord.AllOf(Envelope(first, last, lane));

    public DeliveredRecord[] DeliverAll(Lane lane = Lane.Live) => Deliver(1, Head, lane);

    public RecordHash DigestOf(params IEnumerable<ulong> numbers) => RecordHash.DigestOf(numbers.Select(number => RecordHash.Of(records[(int)number - 1])));

    public IEnumerable<ulong> Numbers => Enumerable.Range(1, records.Count).Select(number => (ulong)number);
}
