using EdgeHub.Edge.Uplink;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Server;
using Xunit;

namespace EdgeHub.Tests.Uplink;

public sealed class TakeOverTests
{
    const int TimeoutMs = 60_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeoutMs)]
    public async Task A_session_that_is_taken_over_is_named_with_its_reason_and_both_boxes_back_off()
    {
        // This broker gives the reason 0x8E; not every mosquitto does.
        var port = Mosquitto.FreePort();
        using var broker = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(port).Build());
        await broker.StartAsync();
        await using var city = await TestBridge.StartAsync(port, "gw-1", Stop);
        await using var first = new UplinkRig(port, change: BackOff(seconds: 2));
        await first.StartAsync(Stop);
        await first.UntilAsync(UplinkCondition.Delivering, Stop);
        await using var second = new UplinkRig(port, change: BackOff(seconds: 30));
        await second.StartAsync(Stop);
        await first.UntilAsync(UplinkCondition.TakenOver, Stop);
        Assert.Contains("two boxes have one gateway id", first.Forwarder.State.Sentence, StringComparison.Ordinal);
        Assert.Contains("gateway.id", first.Forwarder.State.Fix, StringComparison.Ordinal);

        // The first comes back after its wait and takes over in turn; it tells the city what happened, and still knows it while connected.
        await second.UntilAsync(UplinkCondition.TakenOver, Stop);
        await first.UntilAsync(() => city.Events.Any(text => text.Contains("edgehub.uplink.taken-over", StringComparison.Ordinal)), "the event", Stop);
        Assert.Equal(UplinkCondition.TakenOver, first.Forwarder.Twin?.Condition);
        Assert.Equal(UplinkCondition.TakenOver, second.Condition);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Two_boxes_with_one_id_are_suspected_where_the_broker_gives_no_reason()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        await using var city = await TestBridge.StartAsync(broker.Port, "gw-1", Stop);
        await using var first = new UplinkRig(broker.Port);
        await using var second = new UplinkRig(broker.Port);
        await first.StartAsync(Stop);
        await second.StartAsync(Stop);
        await first.UntilAsync(() => first.Forwarder.Twin is not null && second.Forwarder.Twin is not null, "the suspicion of both", Stop);
        Assert.Contains("two boxes", first.Forwarder.Twin!.Sentence, StringComparison.Ordinal);
        await first.UntilAsync(() => city.Events.Any(text => text.Contains("take", StringComparison.Ordinal)), "the event", Stop);
    }

    [Fact]
    public void A_broker_that_is_ill_is_no_twin_and_a_stable_connection_ends_the_count()
    {
        var time = new FakeTimeProvider();
        var (brief, stable) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        var watch = new TwinWatch("gw-1", "mqtt://city", stable, Longest, time);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(UplinkCondition.LinkLost, watch.Judge(false, brief).State.Condition);
            if (i % 3 == 1)
                watch.NotLetIn();
            else if (i % 3 == 2)
                Assert.Equal(ConnectionEnd.Lived, watch.Judge(false, stable).End);
        }

        for (var i = 1; i < TwinWatch.EndsBeforeSuspicion; i++)
            watch.Judge(false, brief);
        Assert.Null(watch.Recent);
        Assert.Equal(UplinkCondition.TakeOverSuspected, watch.Judge(false, brief).State.Condition);
        Assert.NotNull(watch.Recent);
        time.Advance(TimeSpan.FromHours(2));
        Assert.Null(watch.Recent);
    }

    [Fact]
    public void Once_the_city_has_told_of_a_twin_each_end_without_a_reason_is_a_take_over()
    {
        var time = new FakeTimeProvider();
        var watch = new TwinWatch("gw-1", "mqtt://city", TimeSpan.FromSeconds(10), Longest, time);
        Assert.Equal(ConnectionEnd.Lived, watch.Judge(false, TimeSpan.FromMinutes(1)).End);
        Assert.True(watch.Tell("Boots a and b take turns."));
        Assert.False(watch.Tell("Boots a and b take turns."));
        foreach (var lived in new[] { TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), Longest - TimeSpan.FromSeconds(1) })
            Assert.Equal((ConnectionEnd.TakenOver, UplinkCondition.TwinTold), (watch.Judge(false, lived).End, watch.Judge(false, lived).State.Condition));
        Assert.Contains("Boots a and b", watch.Recent!.Sentence, StringComparison.Ordinal);

        // A twin that waits comes back within its longest wait; the city's word holds for an hour.
        Assert.Equal(ConnectionEnd.Lived, watch.Judge(false, Longest).End);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(ConnectionEnd.Lived, watch.Judge(false, TimeSpan.FromMinutes(1)).End);

        // Where the broker gives reasons, an end without one is none.
        watch.Tell("Boots a and b take turns.");
        Assert.Equal(ConnectionEnd.TakenOver, watch.Judge(true, TimeSpan.FromMinutes(1)).End);
        Assert.Equal(ConnectionEnd.Lived, watch.Judge(false, TimeSpan.FromMinutes(1)).End);
    }

    [Fact]
    public void A_twin_is_believed_on_the_word_of_the_bound_store_alone()
    {
        var world = new StepWorld(new ForwarderLimits());
        world.Connect();
        world.Record(1, SpoolClass.Urgent, 4);
        world.Ack(FakeSpools.Id(1), new NumberRange(1, 4));
        var word = new Ack("city", FakeSpools.Id(1), [], [], RecordHash.Zero, []) { Twin = "Boots a and b take turns." };
        Assert.Empty(world.Step.Handle(new ForwarderEvent.AckArrived(word with { Store = "another" }), world.Now).OfType<ForwarderAction.TwinTold>());
        Assert.Equal(word.Twin, Assert.Single(world.Step.Handle(new ForwarderEvent.AckArrived(word), world.Now).OfType<ForwarderAction.TwinTold>()).Text);
    }

    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    static Func<UplinkOptions, UplinkOptions> BackOff(int seconds) => options => options with { TakeOverDelayFirst = TimeSpan.FromSeconds(seconds) };
}
