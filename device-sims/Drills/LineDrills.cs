using System.Text.Json.Nodes;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>What happens between the box and the city: cables, brokers, certificates.</summary>
static class LineDrills
{
    static readonly TimeSpan SwitchMax = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LagMax = TimeSpan.FromSeconds(5);

    public static async Task NetworkAsync(Stand stand)
    {
        var line = stand.Own(await NetworkNamespace.CreateAsync());
        (stand.BrokerCount, stand.BrokerAddress, stand.EdgePrefix) = (1, line.Address, line.Prefix);
        await stand.WithDatabaseAsync();
        await stand.StartAsync();
        await stand.UnackedAsync();
        await line.CutAsync();
        stand.Say("the cable is pulled");
        await stand.PauseAsync(12);
        await line.WorsenAsync(20, "64kbit");
        await line.MendAsync();
        stand.Say("the cable is back; a fifth of all packets is lost, 64 kbit/s");
        await stand.UntilAsync("live readings in the city", TimeSpan.FromSeconds(60), async () => await stand.LagAsync() < LagMax);
        var worst = TimeSpan.Zero;
        for (var i = 0; i < 8; i++)
        {
            await stand.PauseAsync(1);
            var lag = await stand.LagAsync();
            worst = lag > worst ? lag : worst;
        }

        await line.HealAsync();
        // A fifth of lost packets costs TCP retransmissions of its own: the figure is told, the bound is for a clean line.
        stand.Say(FormattableString.Invariant($"the line is clean again; live readings lagged {worst.TotalSeconds:0.0} s at worst while it was bad"));
        await stand.PauseAsync(2);
        var clean = await stand.LagAsync();
        stand.Check(FormattableString.Invariant($"live readings lag less than 5 s on the clean line ({clean.TotalSeconds:0.0} s)"), clean < LagMax);
    }

    public static async Task HalfOpenAsync(Stand stand)
    {
        stand.BrokerCount = 1;
        await stand.StartAsync();
        var view = await stand.UnackedAsync();
        stand.Brokers[0].Freeze();
        stand.Say($"the broker stands still, {view.Waiting} readings without ack; its sockets stay open");
        var found = await stand.UntilAsync("the box to find it", TimeSpan.FromSeconds(30), async () => await stand.ViewAsync() is { Uplink: not "Delivering" });
        stand.Check(FormattableString.Invariant($"the box found it within twice its keep-alive of 4 s ({found.TotalSeconds:0.0} s)"), found < TimeSpan.FromSeconds(8.5));
        await stand.PauseAsync(3);
        stand.Brokers[0].Thaw();
        stand.Say("the broker goes on");
        await DeliversAsync(stand);
    }

    public static async Task BrokerWipedAsync(Stand stand)
    {
        stand.BrokerCount = 1;
        await stand.StartAsync();
        for (var i = 1; i <= 2; i++)
        {
            var view = await stand.UnackedAsync();
            await stand.Brokers[0].KillAsync();
            stand.Brokers[0].Wipe();
            stand.Say($"kill -9 of the broker, {view.Waiting} readings without ack; sessions and queues are deleted");
            await stand.PauseAsync(2);
            await stand.Brokers[0].StartAsync();
            await DeliversAsync(stand);
        }
    }

    public static async Task FailoverAsync(Stand stand)
    {
        stand.BrokerCount = 2;
        await stand.WithDatabaseAsync();
        stand.EdgeConfiguration = json =>
        {
            json["uplinks"] = new JsonArray(
                new JsonObject { ["name"] = "wan", ["broker"] = $"mqtt://127.0.0.1:{stand.Brokers[0].Port}" },
                new JsonObject { ["name"] = "lte", ["broker"] = $"mqtt://127.0.0.1:{stand.Brokers[1].Port}" });
            json["uplink"] = new JsonObject { ["ackTimeout"] = "3s", ["reconnectDelayMax"] = "1s", ["keepAlive"] = "4s", ["failbackAfter"] = "3s" };
        };
        await stand.StartAsync();
        await stand.UnackedAsync();
        await stand.Brokers[0].KillAsync();
        var before = await stand.StoredAsync();
        stand.Say("kill -9 of the first broker");
        var took = await stand.UntilAsync("readings by the second broker", TimeSpan.FromSeconds(40), async () => await stand.ViewAsync() is { ActiveUplink: "lte" } && await stand.StoredAsync() > before);
        stand.Check(FormattableString.Invariant($"readings reach the city by the second broker within 10 s ({took.TotalSeconds:0.0} s)"), took < SwitchMax);
        await stand.PauseAsync(2);
        await stand.Brokers[0].StartAsync();
        stand.Say("the first broker is back, empty");
        var back = await stand.UntilAsync("the way back", TimeSpan.FromSeconds(60), async () => await stand.ViewAsync() is { ActiveUplink: "wan", Uplink: "Delivering" });
        stand.Say(FormattableString.Invariant($"records go by the first broker again after {back.TotalSeconds:0.0} s"));
        stand.Brokers[0].Freeze();
        before = await stand.StoredAsync();
        stand.Say("the first broker stands still: connected, and no ack");
        took = await stand.UntilAsync("readings by the second broker", TimeSpan.FromSeconds(40), async () => await stand.ViewAsync() is { ActiveUplink: "lte" } && await stand.StoredAsync() > before);
        stand.Check(FormattableString.Invariant($"missing acks alone move the records within 12 s ({took.TotalSeconds:0.0} s)"), took < SwitchMax + TimeSpan.FromSeconds(2));
        stand.Brokers[0].Thaw();
    }

    public static async Task CertificateAsync(Stand stand)
    {
        var authority = new DrillAuthority(stand.In("tls"));
        authority.Issue(TimeSpan.FromDays(30));
        var port = stand.FreePort();
        stand.BrokerCount = 1;
        stand.BrokerLines = [$"listener {port} 127.0.0.1", $"cafile {authority.AuthorityFile}", $"certfile {authority.CertificateFile}", $"keyfile {authority.KeyFile}"];
        stand.EdgeConfiguration = json =>
        {
            json["uplink"]!["broker"] = $"mqtts://127.0.0.1:{port}";
            json["uplink"]!["caFile"] = authority.AuthorityFile;
        };
        await stand.StartAsync();
        await stand.UnackedAsync();
        authority.Issue(TimeSpan.FromDays(-1));
        await RestartAsync(stand);
        stand.Say("the broker's certificate expired yesterday");
        var view = await stand.UnackedAsync();
        await stand.UntilAsync("the box to name it", TimeSpan.FromSeconds(20), async () => (view = await stand.ViewAsync() ?? view).Uplink == "Tls");
        stand.Check($"the box names the certificate ({view.State})", view.State.Contains("expired", StringComparison.Ordinal));
        await stand.PauseAsync(3);
        authority.Issue(TimeSpan.FromDays(30));
        await RestartAsync(stand);
        stand.Say("the certificate is renewed");
        await DeliversAsync(stand);
    }

    static async Task RestartAsync(Stand stand)
    {
        await stand.Brokers[0].KillAsync();
        await stand.Brokers[0].StartAsync();
    }

    static Task<TimeSpan> DeliversAsync(Stand stand) =>
        stand.UntilAsync("the box to deliver again", TimeSpan.FromSeconds(60), async () => await stand.ViewAsync() is { Uplink: "Delivering", Waiting: < 200 });
}
