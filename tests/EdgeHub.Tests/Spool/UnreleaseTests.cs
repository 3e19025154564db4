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

    /// <param name="first">The first record opens the spool: the city keeps it when a range of time is taken out.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_only_the_memory_still_has_is_not_called_kept(ulong first)
    {
        var lab = new SpoolLab(new SimulatedDisk()) { Options = new SpoolOptions { SegmentBytes = 64 << 10, PackFileBytes = 1 << 20, HistoryAge = TimeSpan.Zero, HistoryBytes = 0 } };
        using var spools = lab.Open();
        ulong recorded = 0;
        void Append(int blocks)
        {
            for (var i = 0; i < blocks; i++, recorded += 500)
                Assert.True(spools.Append([SpoolLab.Block(i, 500)]));
        }

        Append(200);
        var spool = Assert.Single(spools.Views()).Id;
        Assert.True(SpoolLab.Ack(spools, spool, 1, 201).IsReleased);
        spools.Keep();
        lab.Time.Advance(TimeSpan.FromHours(2));
        spools.Keep();
        // The ack is on the medium with the next commit.
        Append(1);
        spools.Keep();
        spools.Keep();
        spools.Unrelease(spool, [new NumberRange(first, 201)]);
        Append(2000);

        var view = spools.Views().Single(view => view.Id == spool);
        Assert.InRange(view.Tombstoned.Count, 100ul, 200ul);
        foreach (var range in view.Waiting)
            for (var next = range.First; next <= range.Last;)
                next = spools.Read(spool, next, range.Last, 1000, 1 << 20)!.Last + 1;
        Assert.Equal(recorded, spools.Health.WaitingReadings + spools.Health.TombstonedReadings);
    }
}
