using EdgeHub.Edge.Spool;
using EdgeHub.Hosting;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Spool;

public sealed class FaultTests
{
    const int Seeds = 400;

    /// <summary>Lives in a row, each ended by a power cut at a random operation. What Append said true for is there.</summary>
    [Fact]
    public void Nothing_recorded_is_lost_to_a_power_cut()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var difference = LivesThroughCuts(seed, Small);
            Assert.True(difference is null, $"seed {seed}: {difference}");
        }
    }

    [Fact]
    public void A_medium_whose_flush_lies_makes_the_power_cut_test_red() =>
        Assert.Contains(Enumerable.Range(0, 20), seed => LivesThroughCuts(seed, Small, syncLies: true) is not null);

    [Fact]
    public void Commits_on_pages_of_their_own_survive_a_medium_that_tears_the_page_it_writes()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var difference = LivesThroughCuts(seed, Small with { JournalAlign = 4096 }, tearsPages: true);
            Assert.True(difference is null, $"seed {seed}: {difference}");
        }
    }

    [Fact]
    public void Commits_that_share_pages_lean_on_a_medium_that_keeps_them() =>
        Assert.Contains(Enumerable.Range(0, 20), seed => LivesThroughCuts(seed, Small, tearsPages: true) is not null);

    [Theory]
    [InlineData("write", true)]
    [InlineData("write", false)]
    [InlineData("sync", true)]
    [InlineData("sync", false)]
    public void An_error_at_operation_N_loses_nothing_and_recording_goes_on(string operation, bool once)
    {
        for (var n = 1; n <= 40; n++)
        {
            var random = new Random(n);
            var disk = new SimulatedDisk();
            var lab = new SpoolLab(disk);
            var spools = lab.Open();
            var model = new Dictionary<(SpoolId, ulong), byte[]>();
            Remember(spools, model);
            var count = 0;
            var isSick = true;
            disk.Before = (name, _) =>
            {
                if (name == operation && isSick && (++count == n || (count > n && !once)))
                    throw new IOException("No space left on device", 28);
            };
            for (var i = 0; i < 30; i++)
            {
                var isDurable = spools.Append([SpoolLab.Block(i)]);
                if (!isDurable && !once)
                    Assert.Equal(SpoolCondition.Full, spools.Health.Condition);
                isSick &= isDurable || once;
                while (!isDurable)
                    isDurable = spools.Retry();
                spools.Keep();
            }

            Assert.Equal(31ul, Assert.Single(spools.Views()).Head);
            lab.Abandon();
            using var after = new SpoolLab(disk.Cut(random), 99).Open();
            Assert.Null(Differs(after, model));
        }
    }

    [Fact]
    public void A_damaged_record_in_the_middle_is_tombstoned_and_everything_behind_it_is_kept()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk);
        var spools = lab.Open();
        for (var i = 0; i < 20; i++)
            spools.Append([SpoolLab.Block(i)]);
        var view = spools.Views()[0];
        disk.Damage(spools.Read(view.Id, 10, 10, 1, 1 << 20)!.Records[0].Span);
        using var again = new SpoolLab(disk, 2).Open();
        Assert.Equal(20, SpoolLab.ReadAll(again, view).Count);
        Assert.Null(again.Read(view.Id, 10, 10, 1, 1 << 20));
        again.Append([SpoolLab.Block(1)]);
        var current = Assert.Single(again.Views(), each => each.IsCurrent);
        var tombstone = RecordCodec.TryDecode(again.Read(current.Id, 2, 2, 1, 1 << 20)!.Records[0], out _)!.Tombstone;
        Assert.Equal((10ul, 10ul, TombstoneReason.Damaged), (tombstone.FirstNumber, tombstone.LastNumber, tombstone.Reason));
        Assert.True(again.Views().Single(each => each.Id == view.Id).Tombstoned.Contains(10));
    }

    [Fact]
    public void A_record_the_journal_lost_is_served_from_LiteDB()
    {
        var disk = new SimulatedDisk();
        var spools = new SpoolLab(disk).Open();
        for (var i = 0; i < 20; i++)
            spools.Append([SpoolLab.Block(i)]);
        var view = spools.Views()[0];
        spools.Dispose();
        var journal = Assert.Single(disk.List(), name => name.EndsWith(".journal", StringComparison.Ordinal) && disk.Bytes(name).AsSpan(4096, 64).ContainsAnyExcept((byte)0));
        disk.Delete(journal);
        using var again = new SpoolLab(disk, 2).Open();
        var found = Assert.Single(again.Views());
        Assert.Equal((view.Head, view.Chain), (found.Head, found.Chain));
        Assert.Equal(21, SpoolLab.ReadAll(again, view).Count);
        Assert.Equal(0ul, again.Health.DamagedRecords);
    }

    [Fact]
    public void A_lost_LiteDB_file_is_packed_again_from_the_journal()
    {
        var disk = new SimulatedDisk();
        var spools = new SpoolLab(disk).Open();
        for (var i = 0; i < 20; i++)
            spools.Append([SpoolLab.Block(i)]);
        spools.Dispose();
        disk.Delete(Assert.Single(disk.List(), name => name.EndsWith(".sealed", StringComparison.Ordinal)));
        using (var again = new SpoolLab(disk, 2).Open())
            Assert.Equal(21, SpoolLab.ReadAll(again, again.Views()[0]).Count);
        Assert.Single(disk.List(), name => name.EndsWith(".sealed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_newer_journal_is_refused_and_nothing_is_touched()
    {
        var disk = new SimulatedDisk();
        new SpoolLab(disk).Open().Append([SpoolLab.Block(1)]);
        var name = disk.List().First(each => each.EndsWith(".journal", StringComparison.Ordinal));
        using (var file = disk.Open(name, writable: true))
        {
            var header = disk.Bytes(name)[..64];
            header[8] = 2;
            BitConverter.TryWriteBytes(header.AsSpan(60), Crc32C.Of(header.AsSpan(0, 60)));
            file.Write(0, header);
        }

        var before = disk.List().ToDictionary(each => each, disk.Bytes);
        Assert.Equal(2, Assert.Throws<NewerFormatException>(() => new SpoolLab(disk, 2).Open()).Found);
        Assert.Equal(before.Keys.Order(), disk.List().Order());
        Assert.All(before, pair => Assert.Equal(pair.Value, disk.Bytes(pair.Key)));
    }

    static SpoolOptions Small => new() { SegmentBytes = 64 << 10, TailBytes = 16 << 10, PackFileBytes = 1 << 20 };

    static string? LivesThroughCuts(int seed, SpoolOptions options, bool syncLies = false, bool tearsPages = false)
    {
        var random = new Random(seed);
        var model = new Dictionary<(SpoolId, ulong), byte[]>();
        var disk = new SimulatedDisk { SyncLies = syncLies, TearsPages = tearsPages };
        for (var life = 0; life < 4; life++)
        {
            var left = random.Next(5, 400);
            var isDead = false;
            disk.Before = (_, _) =>
            {
                isDead |= --left < 0;
                if (isDead)
                    throw new PowerCutException();
            };
            var lab = new SpoolLab(disk, (seed * 10) + life) { Options = options };
            try
            {
                Live(lab, random, model, () => isDead);
            }
            catch (PowerCutException)
            {
                isDead = true;
            }

            disk.Before = null;
            lab.Abandon();
            disk = disk.Cut(random);
            (disk.SyncLies, disk.TearsPages) = (syncLies, tearsPages);
            var check = disk.Cut(random);
            using var after = new SpoolLab(check, 50_000 + seed) { Options = options }.Open();
            if (Differs(after, model) is { } difference)
                return $"life {life}: {difference}";
        }

        return null;
    }

    static void Live(SpoolLab lab, Random random, Dictionary<(SpoolId, ulong), byte[]> model, Func<bool> isDead)
    {
        var spools = lab.Open();
        Remember(spools, model);
        for (var i = 0; i < 60 && !isDead(); i++)
        {
            var both = random.Next(4) == 0;
            spools.Append(both ? [SpoolLab.Block(i, random.Next(1, 300)), SpoolLab.Block(1, 1, SpoolClass.Urgent)] : [SpoolLab.Block(i, random.Next(1, 300))]);
            if (random.Next(5) == 0 && spools.Views() is [var view, ..] && view.Waiting is [var range, ..])
                SpoolLab.Ack(spools, view.Id, range.First, range.Last);
            if (random.Next(10) == 0)
                lab.Time.Advance(TimeSpan.FromMinutes(random.Next(90)));
            if (random.Next(3) == 0)
                spools.Keep();
        }
    }

    static void Remember(Spools spools, Dictionary<(SpoolId, ulong), byte[]> model) => spools.Recorded += notice =>
    {
        for (var number = notice.Numbers.First; number <= notice.Numbers.Last; number++)
            model[(notice.Spool, number)] = spools.Read(notice.Spool, number, number, 1, 1 << 20)!.Records[0].ToArray();
    };

    /// <summary>The first record of the model that is not there byte for byte; null when all are.</summary>
    static string? Differs(Spools spools, Dictionary<(SpoolId Spool, ulong Number), byte[]> model)
    {
        if (spools.Health.DamagedRecords > 0)
            return $"{spools.Health.DamagedRecords} records found damaged";
        foreach (var (key, bytes) in model)
            if (spools.Read(key.Spool, key.Number, key.Number, 1, 1 << 20) is not { } run || !run.Records[0].Span.SequenceEqual(bytes))
                return $"{key.Spool} {key.Number} is lost";
        return null;
    }
}
