using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

using Record = EdgeHub.Wire.Proto.Record;

namespace EdgeHub.Tests.Wire;

/// <summary>Fixed inputs of the wire tests and of the golden files: never from a random source, so that files do not change by themselves.</summary>
static class Samples
{
    public static readonly UInt128 Boot = UInt128.Parse("0123456789abcdef0123456789abcdef", System.Globalization.NumberStyles.HexNumber, null);

    public static readonly SpoolId Spool = new(UInt128.Parse("00112233445566778899aabbccddeeff", System.Globalization.NumberStyles.HexNumber, null));

    public static readonly BlockClock Clock = new(Boot, 1_790_000_000_000, ClockQuality.Ntp);

    /// <summary>Six samples of twenty streams, a second apart, each stream with a time of its own as polled sensors have.</summary>
    public static Reading[] Community(int samples = 6, int streams = 20)
    {
        var readings = new List<Reading>();
        for (var sample = 0; sample < samples; sample++)
            for (var stream = 0; stream < streams; stream++)
            {
                var jitter = ((sample * 7) + (stream * 13)) % 5;
                var value = Math.Round(20 + stream + (Math.Sin((sample + stream) / 3.0) * 2), stream % 3);
                readings.Add(new Reading(stream, 5_000_000 + (sample * 1000) + (stream * 31) + jitter, value, Quality.Good));
            }

        return [.. readings];
    }

    public static Catalog Catalog() => new()
    {
        Site = "pump-room-7",
        Area = "330106/005/012",
        Streams =
        {
            new EdgeHub.Wire.Proto.Stream { Sensor = "pms1", Quantity = "pm2_5", Unit = "ug/m3", SpoolClass = SpoolClass.Normal, Classification = "general-2", Model = "pms5003" },
            new EdgeHub.Wire.Proto.Stream { Sensor = "door1", Quantity = "open", Unit = "1", SpoolClass = SpoolClass.Urgent, Model = "contact" },
        },
    };

    public static Catalog Placed()
    {
        var catalog = Catalog();
        (catalog.Position, catalog.Owner, catalog.Grid) = (new Position { Longitude = 120.126, Latitude = 30.274, Height = 12 }, "Water works", "330106005012007");
        catalog.Streams[0].Sampling = new Sampling { IntervalMs = 1000, Deadband = 2, HeartbeatMs = 600_000 };
        catalog.Streams[0].Accuracy = 10;
        catalog.Streams[1].Position = new Position { Longitude = 120.127, Latitude = 30.275 };
        catalog.Streams[1].Sampling = new Sampling { IntervalMs = 60_000, OnChange = true };
        return catalog;
    }

    public static readonly Reading[] Mixed =
    [
        new(0, 1_000, 12, Quality.UncertainWarmUp),
        new(1, 1_004, double.NaN, Quality.BadNoData),
        new(0, 2_001, 12.5, Quality.Good),
        new(1, 2_001, 1, Quality.Good),
        new(0, 3_000, -3.25, Quality.BadOutOfRange),
        new(3, 3_000, Math.PI, Quality.Good),
    ];

    /// <summary>Stream 0 was asked for, stream 1 was first overheard and then asked for.</summary>
    public static readonly Reading[] Stamped =
    [
        new(0, 1_000, 12, Quality.Good),
        new(1, 1_004, 7.5, Quality.Good, Origin.Overheard),
        new(1, 2_004, double.NaN, Quality.BadNoData, Origin.Overheard),
        new(1, 3_004, 7.75, Quality.Good),
    ];

    /// <summary>What came to the records after their first day; not in the envelope of that day.</summary>
    public static IEnumerable<(string Name, Record Record)> LaterRecords()
    {
        yield return ("catalog-placed", new Record { Catalog = Placed() });
        yield return ("block-overheard", new Record { Block = new BlockEncoder().Encode(Stamped, 4, 1, 1, Clock) });
        yield return ("aggregates-overheard", new Record { Aggregates = new Aggregates { Spool = Bytes(Spool), CatalogNumber = 1, BootId = Bytes(new SpoolId(Boot)), Minutes = { new Minute { Stream = 1, BootTimeMs = 60_000, Minimum = 3, Mean = 4.5, Maximum = 6, Count = 60, Origin = Origin.Overheard } } } });
    }

    /// <summary>One record of each kind, as the golden files hold them.</summary>
    public static IEnumerable<(string Name, Record Record)> Records()
    {
        var encoder = new BlockEncoder();
        yield return ("catalog", new Record
        {
            Opening = new Opening { SpoolClass = SpoolClass.Normal, Writer = "edgehub 0.1.0", Predecessor = Bytes(Spool), PredecessorLastNumber = 41, PredecessorChain = Bytes(RecordHash.Of([1])) },
            Catalog = Catalog(),
        });
        yield return ("block", new Record { Block = encoder.Encode(Community(), 20, 1, 1, Clock) });
        yield return ("block-mixed", new Record { Block = encoder.Encode(Mixed, 4, 121, 1, Clock with { Quality = ClockQuality.None }) });
        yield return ("clock-fix", new Record { ClockFix = new ClockFix { BootId = Bytes(new SpoolId(Boot)), BootTimeMs = 90_000, UnixOffsetMs = 1_790_000_000_000, ErrorMs = 40, Source = ClockQuality.Ntp } });
        yield return ("tombstone", new Record { Tombstone = new Tombstone { Spool = Bytes(Spool), FirstNumber = 3, LastNumber = 9, ChainBefore = Bytes(RecordHash.Of([2])), ChainAfter = Bytes(RecordHash.Of([3])), Reason = TombstoneReason.Dropped, Counts = { new StreamCount { Sensor = "pms1", Quantity = "pm2_5", Count = 840 } }, FirstSequence = 201, LastSequence = 1040 } });
        yield return ("aggregates", new Record { Aggregates = new Aggregates { Spool = Bytes(Spool), CatalogNumber = 1, BootId = Bytes(new SpoolId(Boot)), Minutes = { new Minute { Stream = 0, BootTimeMs = 60_000, Minimum = 3, Mean = 4.5, Maximum = 6, Count = 60 } } } });
        yield return ("books", new Record { Books = new Books { Recorded = { new StreamCount { Sensor = "pms1", Quantity = "pm2_5", Count = 3600 } }, Unread = { new Unread { Sensor = "pms1", Quantity = "pm2_5", Reason = "crc", Count = 2 } } } });
    }

    static Google.Protobuf.ByteString Bytes(SpoolId id) => Google.Protobuf.ByteString.CopyFrom(id.ToByteArray());

    static Google.Protobuf.ByteString Bytes(RecordHash hash) => Google.Protobuf.ByteString.CopyFrom(hash.ToByteArray());
}
