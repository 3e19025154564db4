using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Edge.Uplink;

namespace EdgeHub.Simulation.World;

/// <summary>How a box is set up, drawn from the seed.</summary>
sealed record BoxSetup
{
    public required SpoolOptions Spool { get; init; }

    public required ForwarderLimits Limits { get; init; }

    /// <summary>Between two readings of a stream.</summary>
    public required TimeSpan SampleInterval { get; init; }

    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan KeepInterval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan FailbackAfter { get; init; } = TimeSpan.FromSeconds(40);

    public bool ExternalBroker { get; init; }

    /// <summary>Ways to the city, each with a broker of its own.</summary>
    public int Brokers { get; init; } = 1;

    /// <summary>Whether LiteDB files are made at all in so short a life.</summary>
    public bool Packs { get; init; }

    /// <summary>Null for a box with one medium.</summary>
    public MirrorOptions? Mirror { get; init; }

    public TimeSpan MirrorInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The same box with a second medium.</summary>
    public BoxSetup WithMirror(Chance chance) => this with
    {
        Mirror = new MirrorOptions
        {
            Directory = "second",
            LagMaxBytes = chance.Next(2) == 0 ? 1 << 10 : 64 << 10,
            ScrubBytesPerSecond = chance.Next(2) == 0 ? 0 : 64 << 10,
        },
        MirrorInterval = TimeSpan.FromMilliseconds(200 + chance.Next(4000)),
    };

    public static BoxSetup Draw(Chance chance, bool packs) => new()
    {
        Packs = packs,
        Spool = new SpoolOptions
        {
            SegmentBytes = (chance.Next(3) + 1) * (32 << 10),
            JournalAlign = chance.Next(4) == 0 ? 4096 : 8,
            PackFileBytes = 256 << 10,
            PackFileAge = packs ? TimeSpan.FromSeconds(20 + chance.Next(100)) : TimeSpan.FromDays(3650),
            FlushInterval = TimeSpan.FromSeconds(1 + chance.Next(8)),
            BlockReadingsMax = chance.Next(2) == 0 ? 512 : 4 + chance.Next(20),
            TailBytes = chance.Next(2) == 0 ? 1 << 10 : 64 << 10,
            BooksInterval = TimeSpan.FromSeconds(10 + chance.Next(40)),
        },
        Limits = new ForwarderLimits
        {
            InFlightMax = 1 + chance.Next(20),
            RecordsPerEnvelopeMax = chance.Next(2) == 0 ? 128 : 1 + chance.Next(8),
            Linger = TimeSpan.FromMilliseconds(chance.Next(3000)),
            AckTimeout = TimeSpan.FromSeconds(2 + chance.Next(10)),
            ResendDelayMax = TimeSpan.FromSeconds(10 + chance.Next(60)),
            ProbeDelayMax = TimeSpan.FromSeconds(5 + chance.Next(55)),
        },
        SampleInterval = TimeSpan.FromMilliseconds(500 + chance.Next(5000)),
        StatusInterval = TimeSpan.FromSeconds(20 + chance.Next(40)),
        ExternalBroker = chance.Next(2) == 0,
        Brokers = chance.Next(4) == 0 ? 2 : 1,
    };
}
