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

    IEnumerable<StoreEvent> Send(TestBox box, ulong number, Lane lane = Lane.Live) =>
        [.. box.Deliver(number, number, lane).Select(detector.Note).OfType<StoreEvent>()];

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
