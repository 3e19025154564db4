using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Spool;

/// <summary>Spools on any disk, with seeded ids, a clock that stands, and blocks that are easy to tell apart.</summary>
sealed class SpoolLab(IDisk disk, int seed = 1)
{
    readonly Random random = new(seed);
    Spools? opened;

    public static readonly Catalog Catalog = new()
    {
        Site = "pump-room-3",
        Streams =
        {
            new EdgeHub.Wire.Proto.Stream { Sensor = "air-1", Quantity = "pm2_5", Unit = "ug/m3", SpoolClass = SpoolClass.Normal },
            new EdgeHub.Wire.Proto.Stream { Sensor = "smoke-1", Quantity = "alarm", Unit = "1", SpoolClass = SpoolClass.Urgent },
        },
    };

    public FakeTimeProvider Time { get; init; } = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    public SpoolOptions Options { get; init; } = new() { SegmentBytes = 1 << 20, TailBytes = 64 << 10, PackFileBytes = 1 << 20 };

    public Spools Open() => opened = Spools.Open(Options, disk, Catalog, "test 1", Time, NewId, NullLogger<Spools>.Instance);

    /// <summary>
    /// After a kill or a cut: what the dead process held in memory is let go, and the disk hears nothing of it. Else the meters of
    /// thousands of dead spools stay in this process, and whoever collects them all waits for minutes.
    /// </summary>
    public void Abandon()
    {
        if (disk is not SimulatedDisk simulated)
            return;
        var wasOff = simulated.IsOff;
        simulated.IsOff = true;
        try
        {
            opened?.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // The cut struck while a pack was being closed: there is less to let go.
        }

        simulated.IsOff = wasOff;
    }

    public UInt128 NewId() => new((ulong)random.NextInt64(), (ulong)random.NextInt64());

    public static Draft Block(double value, int readings = 3, SpoolClass spoolClass = SpoolClass.Normal) => Draft.OfReadings(
        spoolClass,
        Enumerable.Range(0, readings).Select(i => new Reading(0, 1000 + i, value + i, Quality.Good)).ToArray(),
        new BlockClock(7, 0, ClockQuality.Ntp));

    /// <summary>Every record of a spool that can be read, by number.</summary>
    public static Dictionary<ulong, byte[]> ReadAll(Spools spools, SpoolView view)
    {
        var found = new Dictionary<ulong, byte[]>();
        for (ulong next = 1; next <= view.Head; next++)
            while (next <= view.Head && spools.Read(view.Id, next, view.Head, 100, 1 << 20) is { } run)
                foreach (var record in run.Records)
                    found[next++] = record.ToArray();
        return found;
    }

    /// <summary>Acks numbers as the city would: with the digest over the records it got.</summary>
    public static ReleaseResult Ack(Spools spools, SpoolId spool, ulong first, ulong last)
    {
        var hashes = new List<RecordHash>();
        for (var next = first; next <= last;)
        {
            var run = spools.Read(spool, next, last, 1000, 1 << 20);
            Assert.NotNull(run);
            hashes.AddRange(run.Records.Select(record => RecordHash.Of(record.Span)));
            next = run.Last + 1;
        }

        return spools.Release(spool, [new NumberRange(first, last)], [], RecordHash.DigestOf(hashes));
    }
}
