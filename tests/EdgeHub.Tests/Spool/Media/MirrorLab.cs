using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeHub.Tests.Spool.Media;

/// <summary>Spools on two media that can be unplugged, with a model of what was promised.</summary>
sealed class MirrorLab
{
    public const string Gateway = "lane-7";

    int lives;
    Spools? opened;

    /// <param name="lives">Lives that these media have seen: each draws ids of its own.</param>
    public MirrorLab(int lives = 0)
    {
        this.lives = lives;
        MediumMark.Adopt(First, Second, Gateway, () => 77);
        Second.SyncDirectory();
    }

    public SimulatedDisk First { get; set; } = new();

    public SimulatedDisk Second { get; set; } = new();

    public bool IsFirstAway { get; set; }

    public bool IsSecondAway { get; set; }

    public SpoolLab Lab { get; private set; } = null!;

    public Dictionary<(SpoolId Spool, ulong Number), byte[]> Promised { get; } = [];

    public MirrorOptions Mirror { get; init; } = new() { Directory = "/second" };

    public SpoolOptions Options { get; init; } = new() { SegmentBytes = 64 << 10, TailBytes = 16 << 10, PackFileBytes = 1 << 20 };

    public Spools Open()
    {
        Lab = new SpoolLab(First, ++lives);
        var setup = new MediaSetup(Gateway, () => IsFirstAway ? throw Away("first") : First, Mirror, () => IsSecondAway ? throw Away("second") : Second);
        var spools = opened = Spools.Open(Options, setup, SpoolLab.Catalog, "test 1", Lab.Time, Lab.NewId, NullLogger<Spools>.Instance);
        spools.Recorded += notice =>
        {
            for (var number = notice.Numbers.First; number <= notice.Numbers.Last && !notice.IsVolatile; number++)
                Promised[(notice.Spool, number)] = spools.Read(notice.Spool, number, number, 1, 1 << 20)!.Records[0].ToArray();
        };
        return spools;
    }

    /// <summary>The process is gone; its disks stay as they are. What it held is let go, or a thousand lives would stay in memory.</summary>
    public void Abandon()
    {
        (First.IsOff, Second.IsOff) = (true, true);
        try
        {
            opened?.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // The cut struck while a file was being closed: there is less to let go.
        }

        (First.IsOff, Second.IsOff) = (false, false);
    }

    /// <summary>So many blocks, each durable on one medium at least.</summary>
    public static void Append(Spools spools, int blocks)
    {
        for (var i = 0; i < blocks; i++)
            Assert.True(spools.Append([SpoolLab.Block(i, 100)]));
    }

    /// <summary>Time passes until a medium that failed is tried again, and the follower has done its work.</summary>
    public void Settle(Spools spools, int turns = 6)
    {
        for (var i = 0; i < turns; i++)
        {
            Lab.Time.Advance(TimeSpan.FromMinutes(6));
            spools.Mirror();
        }
    }

    public static Action<string, string> Refuse(int errno, params string[] operations) => (operation, _) =>
    {
        if (operations.Length == 0 || operations.Contains(operation))
            throw new IOException($"The medium refuses to {operation} (errno {errno})", errno);
    };

    /// <summary>Looks for every promise in these spools.</summary>
    public void AssertNothingLost(Spools spools)
    {
        Assert.Equal(0ul, spools.Health.DamagedRecords);
        foreach (var ((spool, number), bytes) in Promised)
        {
            var run = spools.Read(spool, number, number, 1, 1 << 20);
            Assert.True(run is not null && run.Records[0].Span.SequenceEqual(bytes), $"{spool} {number} is lost");
        }
    }

    /// <summary>A start on one medium alone, as it is now, that changes nothing for the other.</summary>
    public void AssertAlone(SimulatedDisk survivor, bool isFirst)
    {
        var copy = survivor.Cut(new Random(1));
        var lab = new SpoolLab(copy, 9999);
        var setup = new MediaSetup(Gateway, () => isFirst ? copy : throw Away("first"), Mirror, () => isFirst ? throw Away("second") : copy);
        using var spools = Spools.Open(Options, setup, SpoolLab.Catalog, "test 1", lab.Time, lab.NewId, NullLogger<Spools>.Instance);
        AssertNothingLost(spools);
    }

    static MediumException Away(string name) => new MediumException(MediumCondition.Away, $"The {name} medium is not there.");
}
