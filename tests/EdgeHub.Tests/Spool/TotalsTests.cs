using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Spool;

/// <summary>What the books rest on: counts that last as long as the directory does.</summary>
public sealed class TotalsTests
{
    [Fact]
    public void What_was_ever_recorded_is_counted_over_stops_recycling_and_forgetting()
    {
        var disk = new SimulatedDisk();
        var random = new Random(7);
        ulong recorded = 0;
        var known = new HashSet<SpoolId>();
        for (var life = 0; life < 12; life++)
        {
            var lab = new SpoolLab(disk, 100 + life) { Options = new SpoolOptions { SegmentBytes = 128 << 10, TailBytes = 64 << 10, PackFileBytes = 1 << 20, HistoryBytes = 0, HistoryAge = TimeSpan.Zero, BareSpoolsMax = 2 } };
            lab.Time.Advance(TimeSpan.FromDays(life));
            var spools = lab.Open();
            Assert.Equal(recorded, spools.Health.RecordedReadings);
            for (var i = 0; i < 60; i++)
            {
                var readings = random.Next(1, 2000);
                Assert.True(spools.Append([SpoolLab.Block(i, readings), SpoolLab.Block(i, 2, SpoolClass.Urgent)]));
                recorded += (ulong)readings + 2;
            }

            known.UnionWith(spools.Views().Select(view => view.Id));
            foreach (var view in spools.Views())
                foreach (var range in view.Waiting)
                    Assert.Equal(ReleaseOutcome.Released, SpoolLab.Ack(spools, view.Id, range.First, range.Last).Outcome);
            Assert.Equal(0ul, spools.Health.WaitingReadings);
            for (var i = 0; i < 3; i++)
            {
                lab.Time.Advance(TimeSpan.FromHours(2));
                spools.Keep();
            }

            Assert.Equal(recorded, spools.Health.RecordedReadings);
            switch (life % 3)
            {
                case 0:
                    spools.Dispose();
                    break;
                case 1:
                    lab.Abandon();
                    disk = disk.Cut(random);
                    break;
                default:
                    lab.Abandon();
                    break;
            }
        }

        using var last = new SpoolLab(disk, 99).Open();
        Assert.Equal(recorded, last.Health.RecordedReadings);
        Assert.True(last.Views().Count < known.Count / 2, $"{last.Views().Count} of {known.Count} spools are still known");
    }

    [Fact]
    public void Readings_of_a_damaged_record_leave_the_waiting_ones_and_are_counted_as_tombstoned()
    {
        var disk = new SimulatedDisk();
        var spools = new SpoolLab(disk).Open();
        for (var i = 0; i < 20; i++)
            spools.Append([SpoolLab.Block(i, readings: i + 1)]);
        var view = spools.Views()[0];
        foreach (ulong number in new[] { 5ul, 6ul, 12ul })
            disk.Damage(spools.Read(view.Id, number, number, 1, 1 << 20)!.Records[0].Span);
        var again = new SpoolLab(disk, 2).Open();
        Assert.Equal((210ul, 210ul, 0ul), Books(again));
        again.Append([SpoolLab.Block(1, readings: 3)]);
        // Record n holds n - 1 readings: 4 + 5 + 11 are gone.
        Assert.Equal((213ul, 193ul, 20ul), Books(again));
        again.Dispose();
        using var third = new SpoolLab(disk, 3).Open();
        Assert.Equal((213ul, 193ul, 20ul), Books(third));
        var current = third.Views().Single(each => each.Id != view.Id);
        var tombstone = RecordCodec.TryDecode(third.Read(current.Id, 2, 2, 1, 1 << 20)!.Records[0], out _)!.Tombstone;
        Assert.Equal((5ul, 6ul, 7ul, 15ul), (tombstone.FirstNumber, tombstone.LastNumber, tombstone.FirstSequence, tombstone.LastSequence));
    }

    [Theory]
    [InlineData(5, 6)]
    [InlineData(6, 5)]
    public void A_record_lost_beside_one_that_was_lost_before_is_counted_all_the_same(ulong first, ulong second)
    {
        var disk = new SimulatedDisk();
        // No memory of records: what is damaged on the medium is gone.
        var spools = new SpoolLab(disk) { Options = new SpoolOptions { SegmentBytes = 1 << 20, TailBytes = 1 } }.Open();
        for (var i = 0; i < 20; i++)
            spools.Append([SpoolLab.Block(i, readings: i + 1)]);
        var view = spools.Views()[0];
        var records = SpoolLab.ReadAll(spools, view);
        // Both before anyone looks, so neither has neighbours that know on both sides; found one by one.
        disk.Damage(records[first]);
        disk.Damage(records[second]);
        foreach (var number in new[] { first, second })
        {
            Assert.Null(spools.Read(view.Id, number, number, 1, 1 << 20));
            spools.Append([SpoolLab.Block(1, readings: 1)]);
        }

        // Record n holds n - 1 readings.
        Assert.Equal((212ul, 203ul, 9ul), Books(spools));
        spools.Dispose();
        using var last = new SpoolLab(disk, 9).Open();
        Assert.Equal((212ul, 203ul, 9ul), Books(last));
    }

    [Fact]
    public void The_oldest_waiting_record_has_an_age_that_survives_a_restart()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk);
        var spools = lab.Open();
        Assert.Null(spools.Health.OldestWaitingAge);
        spools.Append([SpoolLab.Block(1)]);
        lab.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.FromMinutes(10), spools.Health.OldestWaitingAge);
        lab = new SpoolLab(disk, 2);
        lab.Time.Advance(TimeSpan.FromMinutes(30));
        using var again = lab.Open();
        Assert.Equal(TimeSpan.FromMinutes(30), again.Health.OldestWaitingAge);
        SpoolLab.Ack(again, again.Views()[0].Id, 1, 2);
        Assert.Null(again.Health.OldestWaitingAge);
    }

    static (ulong Recorded, ulong Waiting, ulong Tombstoned) Books(Spools spools) =>
        spools.Health is var health ? (health.RecordedReadings, health.WaitingReadings, health.TombstonedReadings) : default;
}
