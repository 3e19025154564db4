using System.Text.Json.Nodes;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>What happens on the city's side: the bridge and its database.</summary>
static class CityDrills
{
    const int TriesMax = 8;

    /// <summary>How the bridge's log names it: event 440 of the guide.</summary>
    const string BooksDiffer = "[440]";

    public static async Task BridgeKilledAsync(Stand stand)
    {
        // Every flush of the database returns late: the commit is on disk, and the ack has not left.
        stand.BridgePrefix = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:delay_exit=400000"];
        await stand.StartAsync();
        var between = 0;
        for (var i = 0; i < TriesMax && between < 2; i++)
        {
            var view = await stand.UnackedAsync();
            // Where in the bridge's work that is depends on the machine: each try waits a little longer, so that some meet the late flush.
            await stand.PauseAsync(0.4 + (0.1 * i));
            await stand.Bridge.KillAsync();
            view = await stand.ViewAsync() ?? view;
            var (stored, acked) = (await stand.StoredAsync(), view.Recorded - view.Waiting);
            between += stored > acked ? 1 : 0;
            stand.Say($"kill -9 of the bridge: {stored} readings are committed, the box has acks for {acked}");
            await stand.Bridge.StartAsync();
            await stand.UntilAsync("new readings in the city", TimeSpan.FromSeconds(60), async () => await stand.StoredAsync() > stored);
        }

        stand.Check($"the kill fell between commit and ack ({between} times)", between > 0);
    }

    public static async Task PostgresKilledAsync(Stand stand)
    {
        var database = await stand.WithDatabaseAsync();
        await stand.StartAsync();
        for (var i = 1; i <= 2; i++)
        {
            var view = await stand.UnackedAsync();
            await database.KillAsync();
            stand.Say($"kill -9 of PostgreSQL, {view.Waiting} readings without ack");
            await stand.PauseAsync(2);
            await database.StartAsync();
            var stored = await stand.StoredAsync();
            await stand.UntilAsync("new readings in the city", TimeSpan.FromSeconds(60), async () => await stand.StoredAsync() > stored);
        }
    }

    public static async Task PostgresFullAsync(Stand stand)
    {
        var medium = stand.Own(await Medium.MemoryAsync(stand.In("postgres"), 160));
        var database = await stand.WithDatabaseAsync(medium.Place);
        await stand.StartAsync();
        await medium.FillAsync(0);
        stand.Say("no byte is left on the database's disk");
        var waiting = await stand.UntilAsync("commits to fail", TimeSpan.FromSeconds(120), async () => await stand.ViewAsync() is { Waiting: > 500 });
        stand.Say(FormattableString.Invariant($"nothing is acked any more after {waiting.TotalSeconds:0} s; the box keeps what it reads"));
        medium.Free();
        if (!database.IsRunning)
        {
            stand.Say("PostgreSQL gave up meanwhile and is started again");
            await database.StartAsync();
        }

        var stored = await stand.StoredAsync();
        stand.Say("there is space again");
        await stand.UntilAsync("new readings in the city", TimeSpan.FromSeconds(90), async () => await stand.StoredAsync() > stored);
    }

    public static async Task PostgresRestoredAsync(Stand stand)
    {
        var database = await stand.WithDatabaseAsync();
        await stand.StartAsync();
        await stand.PauseAsync(2);
        await database.StopAsync();
        await database.BackUpAsync();
        await database.StartAsync();
        var kept = await stand.StoredAsync();
        stand.Say($"a backup is made with {kept} readings in it");
        await stand.UntilAsync("readings after the backup", TimeSpan.FromSeconds(60), async () => await stand.StoredAsync() > kept + 200);
        await stand.UntilAsync("their acks", TimeSpan.FromSeconds(30), async () => await stand.ViewAsync() is { } view && view.Recorded - view.Waiting > kept + 100);
        var before = await stand.StoredAsync();
        await database.StopAsync();
        await database.RestoreAsync();
        // The running bridge has what is missing back before anyone can count.
        stand.Bridge.Freeze();
        await database.StartAsync();
        var restored = await stand.StoredAsync();
        stand.Bridge.Thaw();
        stand.Say($"the backup is put back: of {before} acked and stored readings {restored} are left");
        stand.Check("the restored database lacks readings that were acked", restored < before);
        await stand.UntilAsync("what was acked and lost to come again", TimeSpan.FromSeconds(90), async () => await stand.StoredAsync() > before);
    }

    public static async Task RowDeletedAsync(Stand stand)
    {
        var database = await stand.WithDatabaseAsync();
        await stand.StartAsync();
        await stand.UntilAsync("cuts to balance", TimeSpan.FromSeconds(30), async () => await stand.Books.CityAsync() is { Told: > 100, Difference: "" });
        var gone = await database.DeleteRowAsync();
        stand.Say($"somebody deletes one row by hand: {gone}");
        var (_, difference) = await stand.Books.CityAsync();
        stand.Check($"edgehub-bridge books names stream and records ({difference})", difference.Contains(gone.Stream, StringComparison.Ordinal) && difference.Contains(gone.Spool, StringComparison.Ordinal));
        var told = await stand.UntilAsync("the running bridge to tell of it", TimeSpan.FromSeconds(40), () => Task.FromResult(stand.Bridge.LastLines(200).Contains(BooksDiffer, StringComparison.Ordinal)));
        stand.Say(FormattableString.Invariant($"the bridge's log tells of it after {told.TotalSeconds:0.0} s"));
        await Tools.RunAsync(Demo.Programs.Bridge, "refill", "--config", stand.In("bridge1.json"), "--gateway", "drill-box", "--from", gone.Time, "--to", gone.Time);
        stand.Say("edgehub-bridge refill takes the range out, and the box sends it again");
        await stand.UntilAsync("the books to balance again", TimeSpan.FromSeconds(60), async () => await stand.Books.CityAsync() is { Difference: "" });
    }

    public static async Task RefillAsync(Stand stand)
    {
        stand.BrokerCount = 1;
        stand.EdgeConfiguration = json =>
        {
            json["uplink"]!["protocol"] = "mqtt311";
            // A page a commit, many commits, no history and little memory: within a minute the oldest acked records are nowhere on the box.
            json["spool"] = new JsonObject { ["segmentBytes"] = "1MiB", ["tailBytes"] = "64KiB", ["journal"] = new JsonObject { ["align"] = 4096 }, ["flushInterval"] = "10ms", ["blockReadingsMax"] = 1, ["packFileAge"] = "1s", ["historyAge"] = "0s", ["historyBytes"] = 0 };
        };
        await stand.StartAsync();
        await stand.UntilAsync("the box to fill some segments", TimeSpan.FromSeconds(150), async () => await stand.ViewAsync() is { Recorded: > 2000 });
        var before = (await stand.ViewAsync())!;
        var stored = await stand.StoredAsync();
        await Tools.RunAsync(Demo.Programs.Bridge, "refill", "--config", stand.In("bridge1.json"), "--gateway", "drill-box", "--from", "2000-01-01T00:00:00Z", "--to", "2100-01-01T00:00:00Z");
        var left = await stand.StoredAsync();
        stand.Say($"edgehub-bridge refill takes everything out over MQTT 3.1.1: {left} of {stored} readings are left");
        var after = before;
        await stand.UntilAsync("the box to answer with records and with tombstones", TimeSpan.FromSeconds(90), async () => (after = await stand.ViewAsync() ?? after).Tombstoned > 0 && after.Waiting < 200 && await stand.StoredAsync() > left + 100);
        stand.Check($"what the box still has came again ({await stand.StoredAsync()} readings), for {after.Tombstoned} it says that it no longer has them", after.Tombstoned > 0);
    }
}
