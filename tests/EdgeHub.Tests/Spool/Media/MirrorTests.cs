using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Spool.Media;

public sealed class MirrorTests
{
    [Fact]
    public void Either_medium_alone_has_everything_that_was_recorded()
    {
        var lab = new MirrorLab();
        using var spools = lab.Open();
        for (var i = 0; i < 20; i++)
        {
            MirrorLab.Append(spools, 10);
            spools.Mirror();
        }

        Assert.Equal((MediumCondition.Ok, 0L), (spools.Health.Mirror!.Mirror, spools.Health.Mirror.LagBytes));
        lab.AssertAlone(lab.First, isFirst: true);
        lab.AssertAlone(lab.Second, isFirst: false);
    }

    [Fact]
    public void A_second_medium_that_hangs_delays_nothing_and_its_lag_is_told()
    {
        var lab = new MirrorLab();
        using var spools = lab.Open();
        MirrorLab.Append(spools, 10);
        using var hangs = new ManualResetEventSlim();
        using var isThere = new ManualResetEventSlim();
        lab.Second.Before = (_, _) =>
        {
            isThere.Set();
            hangs.Wait(TimeSpan.FromSeconds(60));
        };
        var thread = new Thread(spools.Mirror) { IsBackground = true };
        thread.Start();
        Assert.True(isThere.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        MirrorLab.Append(spools, 50);
        lab.Lab.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(MediumCondition.Failed, spools.Health.Mirror!.Mirror);
        Assert.Contains("does not answer", spools.Health.Sentence, StringComparison.Ordinal);
        Assert.True(spools.Health.Mirror.Lag >= TimeSpan.FromSeconds(40));
        lab.AssertNothingLost(spools);
        lab.Second.Before = null;
        hangs.Set();
        Assert.True(thread.Join(TimeSpan.FromSeconds(30)));
        spools.Mirror();
        Assert.Equal((MediumCondition.Ok, 0L, TimeSpan.Zero), (spools.Health.Mirror!.Mirror, spools.Health.Mirror.LagBytes, spools.Health.Mirror.Lag));
        lab.AssertAlone(lab.Second, isFirst: false);
    }

    [Theory]
    [InlineData(5, MediumCondition.Failed)]
    [InlineData(28, MediumCondition.Full)]
    [InlineData(30, MediumCondition.ReadOnly)]
    public void When_the_first_medium_refuses_the_second_records_in_the_same_commit(int errno, MediumCondition condition)
    {
        var lab = new MirrorLab();
        using var spools = lab.Open();
        MirrorLab.Append(spools, 10);
        spools.Mirror();
        // These the second one does not have yet: they are saved from memory.
        MirrorLab.Append(spools, 10);
        lab.First.Before = MirrorLab.Refuse(errno, "write", "sync", "create", "delete", "rename");
        MirrorLab.Append(spools, 60);
        spools.Mirror();
        var health = spools.Health;
        Assert.Equal((SpoolCondition.Degraded, condition, true), (health.Condition, health.Mirror!.Primary, health.Mirror.IsMirrorLead));
        lab.AssertNothingLost(spools);
        lab.AssertAlone(lab.Second, isFirst: false);
        // It comes back: it gets everything, and leads again.
        lab.First.Before = null;
        lab.Settle(spools);
        MirrorLab.Append(spools, 5);
        lab.Settle(spools, 1);
        Assert.Equal((MediumCondition.Ok, MediumCondition.Ok, false, 0L), (spools.Health.Mirror!.Primary, spools.Health.Mirror.Mirror, spools.Health.Mirror.IsMirrorLead, spools.Health.Mirror.LagBytes));
        lab.AssertAlone(lab.First, isFirst: true);
        lab.AssertAlone(lab.Second, isFirst: false);
    }

    [Fact]
    public void A_stick_that_is_pulled_and_plugged_again_gets_what_it_missed()
    {
        var lab = new MirrorLab();
        using var spools = lab.Open();
        MirrorLab.Append(spools, 10);
        spools.Mirror();
        lab.IsSecondAway = true;
        lab.Second.Before = MirrorLab.Refuse(19);
        MirrorLab.Append(spools, 300);
        lab.Settle(spools, 2);
        Assert.Equal((MediumCondition.Away, SpoolCondition.Degraded), (spools.Health.Mirror!.Mirror, spools.Health.Condition));
        Assert.True(spools.Health.Mirror.LagBytes > 0);
        lab.IsSecondAway = false;
        lab.Second.Before = null;
        lab.Settle(spools, 2);
        Assert.Equal((MediumCondition.Ok, 0L), (spools.Health.Mirror!.Mirror, spools.Health.Mirror.LagBytes));
        Assert.Equal(SpoolCondition.Ok, spools.Health.Condition);
        lab.AssertAlone(lab.Second, isFirst: false);
    }

    [Fact]
    public void What_was_recorded_on_each_medium_alone_is_joined_when_both_are_there()
    {
        var lab = new MirrorLab();
        var both = lab.Open();
        MirrorLab.Append(both, 10);
        both.Dispose();
        lab.IsSecondAway = true;
        var first = lab.Open();
        MirrorLab.Append(first, 40);
        first.Dispose();
        (lab.IsFirstAway, lab.IsSecondAway) = (true, false);
        var second = lab.Open();
        MirrorLab.Append(second, 120);
        second.Dispose();
        lab.IsFirstAway = false;
        using (var joined = lab.Open())
        {
            Assert.Equal(3, joined.Views().Count);
            lab.AssertNothingLost(joined);
            Assert.Equal(17_000ul, joined.Health.RecordedReadings);
            Assert.Equal(17_000ul, joined.Health.WaitingReadings);
            MirrorLab.Append(joined, 1);
            joined.Mirror();
        }

        lab.AssertAlone(lab.First, isFirst: true);
        lab.AssertAlone(lab.Second, isFirst: false);
    }

    // A process that was killed while one medium was away: its spool comes with that medium, and has no last books.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_spool_that_a_medium_brings_gets_its_closing_books_once(bool isLive)
    {
        var lab = new MirrorLab();
        var both = lab.Open();
        MirrorLab.Append(both, 10);
        both.Mirror();
        lab.Abandon();
        lab.IsFirstAway = true;
        var elsewhere = lab.Open();
        MirrorLab.Append(elsewhere, 20);
        var brought = elsewhere.Views().Single(view => view.IsCurrent);
        lab.Abandon();
        (lab.IsFirstAway, lab.IsSecondAway) = (false, true);
        var alone = lab.Open();
        MirrorLab.Append(alone, 30);
        var killed = alone.Views().Single(view => view.IsCurrent);
        if (!isLive)
            lab.Abandon();
        lab.IsSecondAway = false;
        using var spools = isLive ? alone : lab.Open();
        lab.Settle(spools, 1);
        MirrorLab.Append(spools, 1);
        var closings = spools.Closings();
        Assert.Equal((brought.Head, 2000ul), closings.Where(books => books.Spool.Span.SequenceEqual(brought.Id.ToByteArray())).Select(books => (books.LastNumber, books.Recorded[0].Count)).Single());
        Assert.Equal(isLive ? 0 : 1, closings.Count(books => books.Spool.Span.SequenceEqual(killed.Id.ToByteArray())));
        Assert.Empty(spools.Closings());
    }

    [Fact]
    public void What_a_stick_recorded_elsewhere_is_joined_while_the_box_runs()
    {
        var lab = new MirrorLab();
        lab.IsFirstAway = true;
        var alone = lab.Open();
        MirrorLab.Append(alone, 120);
        alone.Dispose();
        (lab.IsFirstAway, lab.IsSecondAway) = (false, true);
        using (var spools = lab.Open())
        {
            var joined = 0;
            spools.Joined += () => joined++;
            MirrorLab.Append(spools, 30);
            lab.IsSecondAway = false;
            lab.Settle(spools, 1);
            MirrorLab.Append(spools, 1);
            lab.Settle(spools, 2);
            Assert.Equal(1, joined);
            Assert.Equal(2, spools.Views().Count);
            Assert.Equal(15_100ul, spools.Health.WaitingReadings);
            lab.AssertNothingLost(spools);
            Assert.Equal(0L, spools.Health.Mirror!.LagBytes);
            lab.AssertAlone(lab.First, isFirst: true);
            lab.AssertAlone(lab.Second, isFirst: false);
        }
    }

    [Fact]
    public void A_stick_that_was_away_for_long_brings_nothing_back_that_is_done_with()
    {
        var lab = new MirrorLab();
        var before = lab.Open();
        MirrorLab.Append(before, 100);
        before.Mirror();
        before.Dispose();
        lab.IsSecondAway = true;
        for (var life = 0; life < 3; life++)
            using (var spools = lab.Open())
            {
                MirrorLab.Append(spools, 100);
                foreach (var view in spools.Views())
                    if (view.Waiting is [var range, ..])
                        SpoolLab.Ack(spools, view.Id, range.First, range.Last);
                MirrorLab.Append(spools, 1);
                lab.Lab.Time.Advance(TimeSpan.FromHours(2));
                spools.Keep();
                spools.Keep();
            }

        lab.IsSecondAway = false;
        using var again = lab.Open();
        Assert.Equal(30_000ul + 10_300, again.Health.RecordedReadings);
        Assert.Equal(100ul, again.Health.WaitingReadings);
    }

    [Fact]
    public void A_new_card_is_filled_from_the_mirror()
    {
        var lab = new MirrorLab();
        var before = lab.Open();
        MirrorLab.Append(before, 100);
        before.Dispose();
        lab.First = new SimulatedDisk();
        using (var spools = lab.Open())
        {
            lab.AssertNothingLost(spools);
            Assert.Equal(10_000ul, spools.Health.WaitingReadings);
            MirrorLab.Append(spools, 1);
            lab.Settle(spools);
        }

        lab.AssertAlone(lab.First, isFirst: true);
    }

    [Fact]
    public void An_empty_mount_point_is_not_taken_for_a_mirror()
    {
        var lab = new MirrorLab { Second = new SimulatedDisk() };
        using var spools = lab.Open();
        MirrorLab.Append(spools, 5);
        lab.Settle(spools, 2);
        Assert.Equal(MediumCondition.Away, spools.Health.Mirror!.Mirror);
        Assert.Contains("edgehub mirror", spools.Health.Sentence, StringComparison.Ordinal);
        Assert.Empty(lab.Second.List());
    }

    [Theory]
    [InlineData("lane-9", "lane-9")]
    [InlineData(MirrorLab.Gateway, "another spool store")]
    public void The_stick_of_another_box_or_store_is_refused_by_name_and_not_touched(string gateway, string named)
    {
        var lab = new MirrorLab { Second = new SimulatedDisk() };
        new MediumMark(gateway, new SpoolId(123)).Write(lab.Second);
        var before = lab.Second.List().Order().ToList();
        using var spools = lab.Open();
        MirrorLab.Append(spools, 5);
        lab.Settle(spools, 2);
        Assert.Equal(MediumCondition.Refused, spools.Health.Mirror!.Mirror);
        Assert.Contains(named, spools.Health.Sentence, StringComparison.Ordinal);
        Assert.Equal(before, lab.Second.List().Order());
        Assert.Throws<MediumException>(() => MediumMark.Adopt(lab.First, lab.Second, MirrorLab.Gateway, () => 5));
    }

    [Fact]
    public void A_segment_is_given_back_on_both_media_once_it_is_acked()
    {
        var lab = new MirrorLab();
        using var spools = lab.Open();
        MirrorLab.Append(spools, 300);
        spools.Mirror();
        var full = (lab.First.List().Count, lab.Second.List().Count);
        SpoolLab.Ack(spools, spools.Views()[0].Id, 1, 301);
        MirrorLab.Append(spools, 1);
        lab.Lab.Time.Advance(TimeSpan.FromHours(2));
        spools.Keep();
        spools.Keep();
        spools.Mirror();
        Assert.True(lab.First.List().Count(IsJournal) <= 5, $"{full} and still {lab.First.List().Count(IsJournal)}");
        Assert.True(lab.Second.List().Count(IsJournal) <= 5, $"{full} and still {lab.Second.List().Count(IsJournal)}");
        Assert.Equal((0L, MediumCondition.Ok), (spools.Health.Mirror!.LagBytes, spools.Health.Mirror.Mirror));
    }

    static bool IsJournal(string name) => name.EndsWith(".journal", StringComparison.Ordinal);
}
