using System.Text.Json;
using EdgeHub.Edge.Uplink;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Uplink;

public sealed class ForwarderTests
{
    const int TimeoutMs = 60_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeoutMs)]
    public async Task Everything_recorded_reaches_the_store_and_is_released_by_its_acks()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        await using var bridge = await TestBridge.StartAsync(broker.Port, "gw-1", Stop);
        await using var rig = new UplinkRig(broker.Port);
        rig.Spools.Record(1, SpoolClass.Normal, 1000);
        await rig.StartAsync(Stop);
        await rig.UntilAsync(UplinkCondition.Delivering, Stop);
        rig.Spools.Record(2, SpoolClass.Urgent, 3);
        rig.Spools.Record(1, SpoolClass.Normal, 5);
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released", Stop);
        AssertStored(rig, bridge, 1, 2);
        Assert.Equal([Lane.Urgent, Lane.Live, Lane.Backlog], bridge.Envelopes.Select(envelope => envelope.Lane).Distinct().Order());
        Assert.Equal("city", rig.Pin.Read());
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Status_catalog_and_last_will_are_there_to_read()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        await using var bridge = await TestBridge.StartAsync(broker.Port, "gw-1", Stop);
        await using (var rig = new UplinkRig(broker.Port))
        {
            await rig.StartAsync(Stop);
            await rig.UntilAsync(() => bridge.Retained.ContainsKey("catalog"), "the catalog", Stop);
            Assert.Contains("\"status\":\"online\"", bridge.Retained["status"], StringComparison.Ordinal);
            using var catalog = JsonDocument.Parse(bridge.Retained["catalog"]);
            Assert.Equal("ug/m3", catalog.RootElement.GetProperty("streams")[0].GetProperty("unit").GetString());
        }

        var begun = TimeProvider.System.GetTimestamp();
        while (!bridge.Retained["status"].Contains("offline", StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(begun).TotalSeconds < 5)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
        Assert.Contains("\"status\":\"offline\"", bridge.Retained["status"], StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_broker_that_is_killed_again_and_again_loses_nothing()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        await using var rig = new UplinkRig(broker.Port);
        rig.Spools.Record(1, SpoolClass.Normal, 3000);
        await rig.StartAsync(Stop);
        for (var i = 0; i < 3; i++)
        {
            await rig.UntilAsync(UplinkCondition.NobodySubscribes, Stop);
            rig.Spools.Record(2, SpoolClass.Urgent, 5);
            await broker.KillAsync();
            await rig.UntilAsync(() => !rig.Mqtt.IsConnected, "the end of the connection", Stop);
            Assert.Equal(3000UL + (ulong)((i + 1) * 5), rig.Spools.Waiting);
            await broker.RestartAsync(Stop);
        }

        await using var bridge = await TestBridge.StartAsync(broker.Port, "gw-1", Stop);
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released", Stop);
        AssertStored(rig, bridge, 1, 2);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_store_that_does_not_answer_is_named_and_gets_everything_later()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        await using var bridge = await TestBridge.StartAsync(broker.Port, "gw-1", Stop);
        bridge.Acks = false;
        await using var rig = new UplinkRig(broker.Port);
        await rig.StartAsync(Stop);
        rig.Spools.Record(1, SpoolClass.Urgent, 10);
        await rig.UntilAsync(UplinkCondition.NobodyStores, Stop);
        Assert.Equal(10UL, rig.Spools.Waiting);
        await rig.UntilAsync(() => bridge.Events.Any(text => text.Contains("\"specversion\":\"1.0\"", StringComparison.Ordinal) && text.Contains("NobodyStores", StringComparison.Ordinal)), "the event", Stop);
        bridge.Acks = true;
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released", Stop);
        AssertStored(rig, bridge, 1);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Acks_of_a_foreign_store_or_with_a_foreign_digest_release_nothing()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        await using var bridge = await TestBridge.StartAsync(broker.Port, "gw-1", Stop);
        bridge.Lies = true;
        await using var rig = new UplinkRig(broker.Port, storeId: "city");
        await rig.StartAsync(Stop);
        rig.Spools.Record(1, SpoolClass.Urgent, 10);
        await rig.UntilAsync(UplinkCondition.DigestDiffers, Stop);
        (bridge.Lies, bridge.Store) = (false, "another-city");
        await rig.UntilAsync(UplinkCondition.ForeignStore, Stop);
        Assert.Equal(10UL, rig.Spools.Waiting);
        bridge.Store = "city";
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released", Stop);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_user_that_may_not_publish_is_told_so()
    {
        await using var broker = await Mosquitto.StartAsync(Acl, Stop);
        await using var rig = new UplinkRig(broker.Port, change: UplinkRig.Login("reader", "r"));
        await rig.StartAsync(Stop);
        rig.Spools.Record(1, SpoolClass.Urgent, 1);
        await rig.UntilAsync(UplinkCondition.NotAuthorised, Stop);
        Assert.Equal(1UL, rig.Spools.Waiting);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_broker_with_a_small_receive_maximum_gets_everything()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop, "max_inflight_messages 2");
        await using var bridge = await TestBridge.StartAsync(broker.Port, "gw-1", Stop);
        await using var rig = new UplinkRig(broker.Port);
        rig.Spools.Record(2, SpoolClass.Urgent, 5000);
        await rig.StartAsync(Stop);
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released", Stop);
        Assert.Equal(UplinkCondition.Delivering, rig.Condition);
    }

    static string[] Acl(string directory)
    {
        var file = Path.Combine(directory, "acl");
        File.WriteAllText(file, "user reader\ntopic read edgehub/v1/gw-1/#\n");
        return [.. Mosquitto.Users(directory, ("reader", "r")), $"acl_file {file}"];
    }

    static void AssertStored(UplinkRig rig, TestBridge bridge, params int[] spools)
    {
        foreach (var spool in spools.Select(FakeSpools.Id))
        {
            var hashes = rig.Spools.Hashes(spool);
            for (var i = 0; i < hashes.Length; i++)
                Assert.Equal(hashes[i], bridge.Stored[(spool, (ulong)i + 1)]);
        }
    }
}
