using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using Xunit;

namespace EdgeHub.Tests.Spool.Media;

/// <summary>What one medium lacks of the other after cuts, failed copies and absences: it is told, it is filled, and it is not called lost.</summary>
public sealed class MirrorGapTests
{
    [Fact]
    public void A_copy_that_was_made_of_what_memory_still_had_is_filled_when_its_source_returns()
    {
        var lab = new MirrorLab { Mirror = new MirrorOptions { Directory = "/second", LagMaxBytes = 2000, ScrubBytesPerSecond = 0 } };
        using var spools = lab.Open();
        MirrorLab.Append(spools, 1);
        spools.Mirror();
        MirrorLab.Append(spools, 40);
        // The newest are saved from memory, the others are on the first medium alone.
        (lab.IsFirstAway, lab.First.Before) = (true, MirrorLab.Refuse(19));
        MirrorLab.Append(spools, 5);
        lab.Settle(spools, 1);
        Assert.True(spools.Health.Mirror!.LagBytes > 0, "What the second medium lacks of the first is not told.");
        (lab.IsFirstAway, lab.First.Before) = (false, null);
        lab.Settle(spools, 1);
        spools.Keep();
        lab.Settle(spools, 2);
        Assert.Equal((0L, 0ul), (spools.Health.Mirror!.LagBytes, spools.Health.DamagedRecords));
        lab.AssertAlone(lab.First, isFirst: true);
        lab.AssertAlone(lab.Second, isFirst: false);
    }

    // Its deletion is not flushed: after a cut it is back.
    [Fact]
    public void A_copy_that_failed_and_is_back_beside_the_one_that_took_its_place_takes_nothing_away()
    {
        var lab = new MirrorLab();
        var before = lab.Open();
        MirrorLab.Append(before, 10);
        before.Mirror();
        MirrorLab.Append(before, 10);
        var fails = true;
        lab.Second.Before = (operation, name) =>
        {
            if (fails && operation == "sync" && IsJournal(name))
            {
                fails = false;
                throw new IOException("Input/output error", 5);
            }
        };
        before.Mirror();
        lab.Settle(before, 1);
        Assert.Equal(0L, before.Health.Mirror!.LagBytes);
        lab.AssertAlone(lab.Second, isFirst: false);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_copy_that_a_cut_left_with_a_gap_is_filled(int seed)
    {
        var lab = new MirrorLab { Mirror = new MirrorOptions { Directory = "/second", ScrubBytesPerSecond = 0 } };
        var before = lab.Open();
        MirrorLab.Append(before, 1);
        before.Mirror();
        MirrorLab.Append(before, 80);
        // The power goes when the copy is written and not flushed.
        lab.Second.Before = (operation, name) =>
        {
            if (operation == "sync" && IsJournal(name))
                throw new PowerCutException();
        };
        Assert.Throws<PowerCutException>(before.Mirror);
        var random = new Random(seed);
        (lab.First, lab.Second) = (lab.First.Cut(random), lab.Second.Cut(random));
        using var spools = lab.Open();
        Assert.True(spools.Health.Mirror!.LagBytes > 0, "What the second medium lacks is not told at the start.");
        MirrorLab.Append(spools, 1);
        spools.Mirror();
        Assert.Equal(0L, spools.Health.Mirror!.LagBytes);
        lab.AssertAlone(lab.Second, isFirst: false);
    }

    [Fact]
    public void While_a_medium_is_away_nothing_that_may_be_on_it_is_called_lost()
    {
        var lab = new MirrorLab();
        var before = lab.Open();
        MirrorLab.Append(before, 250);
        // The mirror gets the newest segment first: a snapshot that names what only the first medium has.
        lab.Second.Before = (operation, _) =>
        {
            if (operation == "sync" && lab.Second.List().Count(IsJournal) > 1)
                throw new PowerCutException();
        };
        Assert.Throws<PowerCutException>(before.Mirror);
        (lab.First, lab.Second, lab.IsFirstAway) = (lab.First.Cut(new Random(1)), lab.Second.Cut(new Random(1)), true);
        using var spools = lab.Open();
        var old = spools.Views()[0];
        Assert.Equal(0ul, spools.Health.DamagedRecords);
        Assert.True(old.Waiting.Count > 0 && spools.Read(old.Id, old.Waiting[0].First, old.Head, 1, 1) is null);
        Assert.Equal(0ul, spools.Health.DamagedRecords);
        lab.IsFirstAway = false;
        lab.Settle(spools, 2);
        MirrorLab.Append(spools, 1);
        lab.Settle(spools, 1);
        lab.AssertNothingLost(spools);
        lab.AssertAlone(lab.Second, isFirst: false);
    }

    // On the one that stayed a record rots; the other, which never had it, comes back, or another stick takes its place.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_damaged_while_a_medium_is_away_gets_its_tombstone_when_it_returns_or_is_given_up(bool isGivenUp)
    {
        var lab = new MirrorLab { Options = new SpoolOptions { SegmentBytes = 64 << 10, TailBytes = 1000, PackFileBytes = 1 << 20 } };
        var before = lab.Open();
        MirrorLab.Append(before, 1);
        before.Mirror();
        before.Dispose();
        lab.IsSecondAway = true;
        var alone = lab.Open();
        MirrorLab.Append(alone, 40);
        var view = alone.Views().Single(one => one.IsCurrent);
        lab.First.Damage(alone.Read(view.Id, 7, 7, 1, 1 << 20)!.Records[0].Span);
        lab.Abandon();
        using var spools = lab.Open();
        lab.Settle(spools, 1);
        Assert.Null(spools.Read(view.Id, 7, 7, 1, 1 << 20));
        Assert.Equal(0ul, spools.Health.DamagedRecords);

        if (isGivenUp)
        {
            lab.Second = new SimulatedDisk();
            MediumMark.Adopt(lab.First, lab.Second, MirrorLab.Gateway, () => 5);
        }

        lab.IsSecondAway = false;
        lab.Settle(spools, 2);
        Assert.True(spools.Append([SpoolLab.Block(1)]));
        Assert.Equal(1ul, spools.Health.DamagedRecords);
        Assert.Equal([new NumberRange(7, 7)], spools.Views().Single(one => one.Id == view.Id).Tombstoned);
    }

    // A stick is away, the box records nothing more: what it brings back is copied all the same.
    [Fact]
    public void What_a_stick_brings_is_copied_also_when_nothing_more_is_recorded()
    {
        var lab = new MirrorLab { IsFirstAway = true };
        var alone = lab.Open();
        MirrorLab.Append(alone, 20);
        alone.Dispose();
        (lab.IsFirstAway, lab.IsSecondAway) = (false, true);
        using var spools = lab.Open();
        MirrorLab.Append(spools, 5);
        lab.IsSecondAway = false;
        lab.Settle(spools, 1);
        spools.Keep();
        lab.Settle(spools, 2);
        Assert.Equal(0L, spools.Health.Mirror!.LagBytes);
        lab.AssertAlone(lab.First, isFirst: true);
        lab.AssertAlone(lab.Second, isFirst: false);
    }

    [Fact]
    public void What_a_medium_shows_of_a_flush_that_failed_is_not_taken_for_another_history()
    {
        for (var n = 1; n <= 8; n++)
        {
            var lab = new MirrorLab { IsFirstAway = true };
            using var spools = lab.Open();
            var left = n;
            lab.Second.Before = (operation, name) =>
            {
                if (operation == "sync" && IsJournal(name) && --left == 0)
                    throw new IOException("Input/output error", 5);
            };
            for (var i = 0; i < 8; i++)
            {
                if (!spools.Append([SpoolLab.Block(i)]))
                    lab.Settle(spools, 1);
                Assert.True(spools.Retry());
            }

            Assert.Equal(9ul, Assert.Single(spools.Views()).Head);
            Assert.Equal(24ul, spools.Health.RecordedReadings);
            lab.AssertNothingLost(spools);
            lab.AssertAlone(lab.Second, isFirst: false);
        }
    }

    static bool IsJournal(string name) => name.EndsWith(".journal", StringComparison.Ordinal);
}
