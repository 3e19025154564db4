using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Tests.Spool;

public sealed class UnreleaseTests
{
    [Fact]
    public void What_the_city_lost_and_the_box_still_keeps_waits_again_also_after_a_restart()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk);
        SpoolId spool;
        using (var spools = lab.Open())
        {
            for (var i = 0; i < 6; i++)
                Assert.True(spools.Append([SpoolLab.Block(i * 10)]));
            spool = Assert.Single(spools.Views()).Id;
            Assert.Equal(ReleaseOutcome.Released, SpoolLab.Ack(spools, spool, 1, 6).Outcome);
            spools.Unrelease(spool, [new NumberRange(3, 4)]);
            AssertWaiting(spools, spool);
        }

        using var again = lab.Open();
        AssertWaiting(again, spool);
        Assert.NotNull(again.Read(spool, 3, 4, 10, 1 << 20));

        static void AssertWaiting(Spools spools, SpoolId spool)
        {
            var view = spools.Views().Single(view => view.Id == spool);
            Assert.Equal([new NumberRange(3, 4), new NumberRange(7, 7)], view.Waiting);
            // Two blocks that wait again and the last one that always did, three readings each.
            Assert.Equal(9ul, spools.Health.WaitingReadings);
        }
    }

    [Fact]
    public void What_the_city_lost_and_the_box_no_longer_has_gets_a_tombstone_that_says_so()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk);
        using var spools = lab.Open();
        Assert.True(spools.Append([SpoolLab.Block(10)]));
        Assert.True(spools.Append([SpoolLab.Block(20)]));
        var spool = Assert.Single(spools.Views()).Id;
        var lost = spools.Read(spool, 2, 2, 1, 1)!.Records[0].ToArray();
        Assert.Equal(ReleaseOutcome.Released, SpoolLab.Ack(spools, spool, 1, 2).Outcome);
        // Beyond what the memory holds, so that only the damaged copy could serve it.
        for (var i = 0; i < 2000; i++)
            Assert.True(spools.Append([SpoolLab.Block(1000 + (i * 10), 30)]));
        disk.Damage(lost);

        spools.Unrelease(spool, [new NumberRange(2, 2)]);
        Assert.True(spools.Append([SpoolLab.Block(1)]));

        var view = spools.Views().Single(view => view.Id == spool);
        Assert.True(view.Tombstoned.Contains(2));
        var tombstone = Enumerable.Range(1, (int)view.Head).Reverse()
            .Select(number => RecordCodec.TryDecode(spools.Read(spool, (ulong)number, (ulong)number, 1, 1 << 20)?.Records[0] ?? default, out _)?.Tombstone)
            .First(found => found is not null)!;
        Assert.Equal((2ul, 2ul, TombstoneReason.EvictedAfterAck), (tombstone.FirstNumber, tombstone.LastNumber, tombstone.Reason));
    }
}
