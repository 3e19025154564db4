using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

public sealed class TwinDetectorTests
{
    readonly TwinDetector detector = new();
    readonly TestBox one = Box(1);
    readonly TestBox other = Box(2);

    [Fact]
    public void Two_boots_that_take_turns_are_two_boxes_and_are_told_once()
    {
        Assert.Empty(Send(one, 2).Concat(Send(other, 2)));
        var told = Assert.Single(Send(one, 3));
        Assert.Equal((StoreEvent.TwinGateway, "gw1"), (told.Kind, told.Gateway));
        Assert.Contains("take turns", told.Text, StringComparison.Ordinal);
        Assert.Empty(Send(other, 3).Concat(Send(one, 4)).Concat(Send(other, 4)));
    }

    [Fact]
    public void Each_turn_after_that_is_told_to_the_box_that_takes_it_and_a_box_that_is_alone_is_left_in_peace()
    {
        _ = (Send(one, 2), Send(other, 2), Send(one, 3));
        Assert.Equal([false, false], new[] { other.Deliver(3, 3, Lane.Live), one.Deliver(4, 4, Lane.Live) }.Select(turn => detector.Note(turn.Single())!.Value.IsNew));
        Assert.Null(detector.Note(one.Deliver(5, 5, Lane.Live).Single()));
        var (mine, copy) = (Urgent(11, 0), Urgent(12, 0));
        _ = (Send(mine, 2, Lane.Urgent), Send(copy, 2, Lane.Urgent), Send(mine, 3, Lane.Urgent), Send(copy, 3, Lane.Urgent));
        Assert.False(detector.Note(mine.Deliver(4, 4, Lane.Urgent).Single())!.Value.IsNew);
        Assert.Null(detector.Note(mine.Deliver(5, 5, Lane.Urgent).Single()));
    }

    [Fact]
    public void A_restart_is_no_twin_not_even_when_the_old_spool_is_sent_again()
    {
        Assert.Empty(Send(one, 2).Concat(Send(one, 3)).Concat(Send(other, 2)));
        Assert.Empty(Send(one, 2).Concat(Send(one, 3)).Concat(Send(other, 3)));
        Assert.Empty(Send(one, 4, Lane.Backlog).Concat(Send(other, 4)));
    }

    [Fact]
    public void Two_spools_of_one_boot_are_a_restarted_daemon()
    {
        var again = new TestBox("gw1", 3, boot: one.Boot);
        Fill(again);
        Assert.Empty(Send(one, 2).Concat(Send(again, 2)).Concat(Send(one, 3)).Concat(Send(again, 3)));
    }

    [Fact]
    public void Two_daemons_of_one_boot_that_keep_taking_turns_are_told_once()
    {
        var copy = new TestBox("gw1", 3, boot: one.Boot);
        Fill(copy);
        for (var i = 0; i < 10; i++)
            one.AddBlock(bootTimeMs: 100_000 + (i * 10_000));
        for (var i = 0; i < 10; i++)
            copy.AddBlock(bootTimeMs: 100_000 + (i * 10_000));
        var turns = 0;
        for (ulong number = 2; number <= 12; number++)
            foreach (var box in new[] { one, copy })
            {
                var told = Send(box, number).ToList();
                // The first time each of them comes is no turn back.
                Assert.Equal(++turns - 2 == TwinDetector.TurnsOfOneBoot, told.Count > 0);
                Assert.All(told, twin => Assert.Contains("Two daemons on one machine", twin.Text, StringComparison.Ordinal));
            }
    }

    [Fact]
    public void Two_boxes_with_only_urgent_readings_are_found_by_their_times_and_told_once()
    {
        var (mine, copy) = (Urgent(11, 0), Urgent(12, 0));
        Assert.Empty(Send(mine, 2, Lane.Urgent).Concat(Send(copy, 2, Lane.Urgent)));
        var told = Assert.Single(Send(mine, 3, Lane.Urgent).Concat(Send(copy, 3, Lane.Urgent)).Concat(Send(mine, 4, Lane.Urgent)).Concat(Send(copy, 4, Lane.Urgent)).Concat(Send(mine, 5, Lane.Urgent)));
        Assert.Contains("record at the same time", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Old_urgent_readings_that_come_between_the_new_ones_of_the_next_boot_are_no_twin()
    {
        var (before, after) = (Urgent(13, 0), Urgent(14, 60_000));
        for (ulong number = 2; number <= 5; number++)
            Assert.Empty(Send(after, number, Lane.Urgent).Concat(Send(before, number, Lane.Urgent)));
        // A clock that nobody set proves nothing.
        var (lost, found) = (Urgent(15, 0, ClockQuality.Restored), Urgent(16, 0, ClockQuality.Restored));
        for (ulong number = 2; number <= 5; number++)
            Assert.Empty(Send(lost, number, Lane.Urgent).Concat(Send(found, number, Lane.Urgent)));
    }

    static TestBox Urgent(int seed, long laterMs, ClockQuality clock = ClockQuality.Ntp)
    {
        var box = new TestBox("gw-urgent", seed, SpoolClass.Urgent, offset: TestBox.Offset + laterMs);
        box.AddCatalog();
        for (var i = 0; i < 4; i++)
            box.AddBlock(bootTimeMs: 1000 + (i * 10_000), clock: clock);
        return box;
    }

    IEnumerable<StoreEvent> Send(TestBox box, ulong number, Lane lane = Lane.Live) =>
        [.. box.Deliver(number, number, lane).Select(detector.Note).Where(sign => sign is { IsNew: true }).Select(sign => sign!.Value.Event)];

    static TestBox Box(int seed)
    {
        var box = new TestBox("gw1", seed);
        Fill(box);
        return box;
    }

    static void Fill(TestBox box)
    {
        box.AddCatalog();
        for (var i = 0; i < 4; i++)
            box.AddBlock(bootTimeMs: 1000 + (i * 10_000));
    }
}
