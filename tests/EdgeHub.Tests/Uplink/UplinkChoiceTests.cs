using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Settings;
using Xunit;

namespace EdgeHub.Tests.Uplink;

public sealed class UplinkChoiceTests
{
    static readonly TimeSpan Failover = TimeSpan.FromSeconds(8);
    static readonly TimeSpan Failback = TimeSpan.FromMinutes(5);

    readonly UplinkChoice choice = new(2, Failover, Failback);

    [Fact]
    public void An_uplink_without_connection_is_left_after_the_patience_and_not_before()
    {
        choice.Connected(0, At(0));
        choice.Disconnected(0, At(100));
        Assert.Equal(At(108), choice.NextChange(At(100)));
        Assert.False(choice.Judge(At(107.9)));
        Assert.True(choice.Judge(At(108)));
        Assert.Equal((1, SwitchReason.NoConnection), (choice.Active, choice.Reason));
    }

    [Fact]
    public void An_uplink_whose_records_get_no_ack_is_left_although_it_is_connected()
    {
        choice.Connected(0, At(0));
        choice.Sent(0, At(10));
        choice.Acked(0, At(11));
        Assert.False(choice.Judge(At(100)));
        choice.Sent(0, At(100));
        choice.Sent(0, At(107));
        Assert.True(choice.Judge(At(108)));
        Assert.Equal((1, SwitchReason.NoAcks), (choice.Active, choice.Reason));
    }

    [Fact]
    public void A_better_uplink_takes_back_only_after_the_stable_time_and_its_own_ack()
    {
        FailOver();
        Assert.False(choice.Acked(0, At(20)));
        Assert.Equal(1, choice.Active);
        choice.Judge(At(8) + Failback - TimeSpan.FromSeconds(1));
        Assert.Null(choice.Trial);
        choice.Judge(At(8) + Failback);
        Assert.Equal((0, 1), (choice.Trial, choice.Active));
        choice.Sent(0, At(310));
        Assert.False(choice.Acked(1, At(311)));
        Assert.True(choice.Acked(0, At(311)));
        Assert.Equal((0, SwitchReason.CameBack), (choice.Active, choice.Reason));
    }

    [Fact]
    public void A_trial_without_ack_costs_nothing_and_the_next_one_comes_later_each_time()
    {
        FailOver();
        var now = At(8);
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 3; i++)
        {
            var begun = now;
            while (choice.Trial is null)
            {
                now = choice.NextChange(now) ?? throw new InvalidOperationException("Nothing would ever happen again.");
                choice.Judge(now);
            }

            waits.Add(now - begun);
            choice.Sent(0, now);
            choice.Sent(1, now);
            choice.Acked(1, now);
            choice.Judge(now += Failover);
            Assert.Null(choice.Trial);
            Assert.Equal(1, choice.Active);
        }

        Assert.Equal([Failback, Failback * 2, Failback * 4], waits);
    }

    [Fact]
    public void A_connection_that_breaks_during_the_stable_time_begins_it_anew()
    {
        FailOver();
        choice.Disconnected(0, At(200));
        choice.Connected(0, At(250));
        choice.Judge(At(8) + Failback);
        Assert.Null(choice.Trial);
        choice.Judge(At(250) + Failback);
        Assert.Equal(0, choice.Trial);
    }

    [Fact]
    public void A_city_that_stores_nothing_at_all_is_not_knocked_at_ever_faster()
    {
        var now = At(0);
        var turns = 0;
        while (now < TimeSpan.FromHours(1))
        {
            choice.Connected(choice.Active, now);
            choice.Sent(choice.Active, now);
            now = choice.NextChange(now)!.Value;
            turns += choice.Judge(now) ? 1 : 0;
        }

        // Without the growing patience there were 450.
        Assert.InRange(turns, 10, 40);
    }

    [Fact]
    public void A_lone_uplink_is_never_left()
    {
        var alone = new UplinkChoice(1, Failover, Failback);
        alone.Disconnected(0, At(1));
        Assert.False(alone.Judge(At(10_000)));
        Assert.Null(alone.NextChange(At(1)));
    }

    [Fact]
    public void The_list_of_uplinks_is_read_in_order_and_the_single_section_keeps_working()
    {
        var (single, none) = Read("""{ "uplink": { "broker": "mqtt://city:1883", "linger": "2s" } }""");
        Assert.Empty(none);
        Assert.Equal(("mqtt://city:1883", TimeSpan.FromSeconds(2)), (Assert.Single(single.Uplinks).Broker.ToString(), single.Limits.Linger));

        var (several, errors) = Read("""
            { "uplink": { "failoverAfter": "5s", "keepAlive": "10s" },
              "uplinks": [ { "name": "wan", "brokers": ["mqtt://a:1883", "mqtt://b:1883"], "user": "box" }, { "name": "lte", "broker": "mqtt://c", "interface": "wwan0", "keepAlive": "60s", "dataBudget": "50MiB/day" } ] }
            """);
        Assert.Empty(errors);
        Assert.Equal(["wan mqtt://a:1883 box 10", "wan mqtt://b:1883 box 10", "lte mqtt://c:1883  60"], several.Uplinks.Select(uplink => $"{uplink.Name} {uplink.Broker} {uplink.Broker.User} {uplink.KeepAlive.TotalSeconds}"));
        Assert.Equal(("wwan0", new DataAllowance(50 << 20, false), TimeSpan.FromSeconds(5)), (several.Uplinks[2].Interface, several.Uplinks[2].DataBudget, several.FailoverAfter));
    }

    [Theory]
    [InlineData("""{ "uplink": { "broker": "mqtt://a" }, "uplinks": [ { "broker": "mqtt://b" } ] }""", "uplink.broker", "uplinks[0].broker")]
    [InlineData("""{ "uplinks": [] }""", "uplinks", "at least one")]
    [InlineData("""{ "uplinks": [ { "name": "x" }, { "name": "x" } ] }""", "uplinks", "a name of its own")]
    [InlineData("""{ "uplinks": [ { "broker": "mqtt://b", "dataBudget": "50MiB" } ] }""", "uplinks[0].dataBudget", "50MiB/day")]
    [InlineData("""{ "uplinks": [ { "broker": "mqtt://b", "source": "eth0" } ] }""", "uplinks[0].source", "name the interface")]
    [InlineData("""{ "uplinks": [ { "broker": "mqtt://b", "lingr": "1s" } ] }""", "uplinks[0].lingr", "")]
    public void A_wrong_list_is_named_with_place_and_fix(string json, string key, string fix)
    {
        var error = Assert.Single(Read(json).Errors);
        Assert.Equal(key, error.Key);
        Assert.Contains(fix, error.Fix, StringComparison.Ordinal);
    }

    void FailOver()
    {
        choice.Connected(0, At(0));
        choice.Sent(0, At(0));
        Assert.True(choice.Judge(At(8)));
        choice.Connected(1, At(8));
        choice.Sent(1, At(8));
        choice.Acked(1, At(8));
    }

    static (ForwarderOptions Options, IReadOnlyList<SettingsError> Errors) Read(string json)
    {
        var document = SettingsDocument.FromText(json, "test", "EDGEHUB__", new Dictionary<string, string>());
        return (ForwarderOptions.Read(document.Root), document.Errors);
    }

    static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
