namespace EdgeHub.DeviceSims.Drills;

/// <summary>What happens on the city's side: the bridge and its database.</summary>
static class CityDrills
{
    const int TriesMax = 8;

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
        await database.StartAsync();
        var restored = await stand.StoredAsync();
        stand.Say($"the backup is put back: of {before} acked and stored readings {restored} are left");
        stand.Check("the restored database lacks readings that were acked", restored < before);
        await stand.UntilAsync("what was acked and lost to come again", TimeSpan.FromSeconds(90), async () => await stand.StoredAsync() > before);
    }
}
