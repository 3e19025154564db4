using EdgeHub.Edge.Uplink;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Uplink;

/// <summary>Two real brokers, a city at each of them, and a box that has both as uplinks.</summary>
public sealed class FailoverTests
{
    const int TimeoutMs = 90_000;

    static readonly TimeSpan SwitchMax = TimeSpan.FromSeconds(10);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeoutMs)]
    public async Task A_killed_broker_hands_over_within_ten_seconds_takes_back_and_nothing_is_lost()
    {
        await using var a = await Mosquitto.StartOpenAsync(Stop);
        await using var b = await Mosquitto.StartOpenAsync(Stop);
        await using var cityAtA = await TestBridge.StartAsync(a.Port, "gw-1", Stop);
        await using var cityAtB = await TestBridge.StartAsync(b.Port, "gw-1", Stop);
        await using var rig = TwoWays(a, b);
        await rig.StartAsync(Stop);
        rig.Spools.Record(1, SpoolClass.Normal, 500);
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released at A", Stop);
        Assert.False(rig.Uplinks.Ways[1].IsConnected, "The second uplink costs something before it is needed.");

        await a.KillAsync();
        var killed = TimeProvider.System.GetTimestamp();
        rig.Spools.Record(2, SpoolClass.Urgent, 5);
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released at B", Stop);
        Assert.InRange(TimeProvider.System.GetElapsedTime(killed), TimeSpan.Zero, SwitchMax);
        Assert.Equal((UplinkCondition.StandingIn, "lte"), (rig.Condition, rig.Uplinks.Active.Name));
        Assert.Contains("stands in for wan, which has no connection", rig.Forwarder.State.Sentence, StringComparison.Ordinal);

        await a.RestartAsync(Stop);
        await using var cityAtAAgain = await TestBridge.StartAsync(a.Port, "gw-1", Stop);
        await KeepRecordingUntilAsync(rig, () => rig.Uplinks.Active.Name == "wan", "the way back to A");
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released", Stop);
        Assert.Equal(UplinkCondition.Delivering, rig.Condition);
        await rig.UntilAsync(() => !rig.Uplinks.Ways[1].IsConnected, "the end of the second connection", Stop);
        AssertAllStored(rig, cityAtA, cityAtB, cityAtAAgain);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_broker_that_confirms_everything_while_nobody_stores_is_left_and_taken_back_when_it_acks()
    {
        await using var a = await Mosquitto.StartOpenAsync(Stop);
        await using var b = await Mosquitto.StartOpenAsync(Stop);
        await using var cityAtA = await TestBridge.StartAsync(a.Port, "gw-1", Stop);
        await using var cityAtB = await TestBridge.StartAsync(b.Port, "gw-1", Stop);
        cityAtA.Acks = false;
        await using var rig = TwoWays(a, b);
        await rig.StartAsync(Stop);
        rig.Spools.Record(1, SpoolClass.Urgent, 20);
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released at B", Stop);
        Assert.True(rig.Mqtt.IsConnected, "A is connected all the time: no ping would have told.");
        Assert.Contains("got no ack", rig.Forwarder.State.Sentence, StringComparison.Ordinal);

        // Longer than the stable time: a trial gets no ack, and the records stay where they are stored.
        var begun = TimeProvider.System.GetTimestamp();
        await KeepRecordingUntilAsync(rig, () => TimeProvider.System.GetElapsedTime(begun) > (UplinkRig.FailbackAfter * 2) + UplinkRig.FailoverAfter, "the time of a trial");
        Assert.Equal("lte", rig.Uplinks.Active.Name);
        cityAtA.Acks = true;
        await KeepRecordingUntilAsync(rig, () => rig.Uplinks.Active.Name == "wan", "the way back to A");
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released", Stop);
        AssertAllStored(rig, cityAtA, cityAtB);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_data_budget_holds_old_records_back_and_lets_urgent_and_live_ones_go()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        await using var city = await TestBridge.StartAsync(broker.Port, "gw-1", Stop);
        await using var rig = new UplinkRig(broker.Port, change: uplink => uplink with { Name = "lte", DataBudget = new DataAllowance(100_000, IsMonthly: false) });
        // 300 kB of old records and no clock: half of the budget is the pace.
        rig.Spools.Record(1, SpoolClass.Normal, 300, bytes: 1000);
        await rig.StartAsync(Stop);
        await rig.UntilAsync(UplinkCondition.BudgetSpent, Stop);
        for (var round = 1; round <= 20; round++)
        {
            rig.Spools.Record(2, SpoolClass.Urgent, 1);
            rig.Spools.Record(3, SpoolClass.Normal, 1);
            await rig.UntilAsync(() => Stored(city, 2) == round && Stored(city, 3) == round, "urgent and live records", Stop);
        }

        Assert.InRange(Stored(city, 1), 1, 299);
        Assert.Contains("lte's 0.1 MiB a day are used", rig.Forwarder.State.Sentence, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_connection_leaves_from_the_configured_address_and_a_missing_one_is_named()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        await using (var rig = new UplinkRig(broker.Port, change: uplink => uplink with { Source = System.Net.IPAddress.Parse("127.0.0.9") }))
        {
            await rig.StartAsync(Stop);
            await rig.UntilAsync(UplinkCondition.Delivering, Stop);
            Assert.Contains("New connection from 127.0.0.9", broker.Log, StringComparison.Ordinal);
        }

        await using var unplugged = new UplinkRig(broker.Port, change: uplink => uplink with { Interface = "wwan9" });
        await unplugged.StartAsync(Stop);
        await unplugged.UntilAsync(UplinkCondition.NoSource, Stop);
        Assert.Contains("no network interface wwan9", unplugged.Forwarder.State.Sentence, StringComparison.Ordinal);
    }

    static UplinkRig TwoWays(Mosquitto a, Mosquitto b) => new(a.Port, change: uplink => uplink with { Name = "wan" }, more: UplinkRig.To(b.Port) with { Name = "lte" });

    static async Task KeepRecordingUntilAsync(UplinkRig rig, Func<bool> condition, string what)
    {
        await rig.UntilAsync(
            () =>
            {
                rig.Spools.Record(1, SpoolClass.Normal, 1);
                return condition();
            },
            what,
            Stop);
    }

    static int Stored(TestBridge city, int spool) => city.Stored.Keys.Count(key => key.Spool == FakeSpools.Id(spool));

    static void AssertAllStored(UplinkRig rig, params TestBridge[] cities)
    {
        foreach (var view in rig.Spools.Views())
        {
            var hashes = rig.Spools.Hashes(view.Id);
            for (var i = 0; i < hashes.Length; i++)
                Assert.Contains(cities, city => city.Stored.TryGetValue((view.Id, (ulong)i + 1), out var stored) && stored == hashes[i]);
        }
    }
}
