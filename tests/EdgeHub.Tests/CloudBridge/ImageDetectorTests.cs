using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

public sealed class ImageDetectorTests
{
    [Fact]
    public void A_spool_that_ends_before_what_is_stored_of_it_is_told_once_when_two_statuses_say_so()
    {
        var detector = new ImageDetector();
        Assert.Null(Say(detector, at: 1, head: 100, stored: 200));
        // The retained one again says nothing new.
        Assert.Null(Say(detector, at: 1, head: 100, stored: 200));
        var told = Say(detector, at: 2, head: 100, stored: 200);
        Assert.Equal(StoreEvent.RestoredImage, told?.Kind);
        Assert.Contains("ends with record 100, and 200 are here", told!.Text, StringComparison.Ordinal);
        Assert.Null(Say(detector, at: 3, head: 100, stored: 200));
    }

    [Fact]
    public void A_status_that_was_overtaken_by_records_and_a_spool_that_is_written_are_none()
    {
        var detector = new ImageDetector();
        for (var at = 1; at < 9; at++)
            Assert.Null(Say(detector, at, head: (ulong)at * 100, stored: ((ulong)at * 100) + 5));
        Assert.Null(Say(detector, at: 9, head: 800, stored: 800));
        Assert.Null(Say(detector, at: 10, head: 800, stored: 805));
    }

    [Fact]
    public void Old_statuses_that_come_with_the_records_behind_them_say_nothing()
    {
        var detector = new ImageDetector();
        // A box that had nothing to say for an hour, and a bridge that was down: what is stored behind was read after both.
        for (var at = 1; at < 4; at++)
            Assert.Null(Say(detector, at, head: 100, stored: 200, behindMs: 1_000_000));
        Assert.Null(Say(detector, at: 4, head: 100, stored: 200, behindMs: null));
    }

    static StoreEvent? Say(ImageDetector detector, long at, ulong head, ulong stored, long? behindMs = 0)
    {
        var spool = new SpoolStatus(new SpoolId(7), SpoolClass.Normal, head, [], []);
        return detector.Note(new GatewayStatus("gw-image", true, "1", "boot", at * 60_000, "ok", new Dictionary<string, string>(), [spool]), spool, stored, behindMs);
    }
}
