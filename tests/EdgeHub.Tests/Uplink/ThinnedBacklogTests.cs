using EdgeHub.Edge.Uplink;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Tests.Uplink;

public sealed class ThinnedBacklogTests
{
    [Fact]
    public void What_is_left_of_a_thinned_backlog_goes_within_seconds()
    {
        var world = new StepWorld(new ForwarderLimits { InFlightMax = 10, RecordsPerEnvelopeMax = 8, BacklogEnvelopesPerSecondMax = 10_000 });
        var spool = FakeSpools.Id(1);
        world.Record(1, SpoolClass.Normal, 4000);
        world.Thin(spool, new NumberRange(1, 1999));
        world.Thin(spool, new NumberRange(2001, 3999));
        world.Connect();
        for (var i = 0; i < 30; i++)
        {
            foreach (var gone in world.OnTheWay.Where(sent => sent.Numbers.First is not (2000 or 4000)).ToArray())
                world.Unreadable(gone.Envelope);
            world.Wait(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal([2000UL, 4000UL], world.OnTheWay.Select(sent => sent.Numbers.First).Order());
    }
}
