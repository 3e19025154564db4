using System.Diagnostics;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.CloudBridge.Store.Moving;
using EdgeHub.CloudBridge.Store.Postgres;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>A town outgrows its file: everything moves to PostgreSQL and the boxes notice nothing.</summary>
public sealed class StoreMoveTests(PostgresServer postgres) : IDisposable
{
    const int TestMsMax = 120_000;

    readonly ScratchDirectory scratch = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Fact(Timeout = TestMsMax)]
    public async Task Data_ledger_and_store_id_move_to_PostgreSQL_and_what_comes_again_is_known_there()
    {
        var (first, second) = (Filled("gw-move", 1), Filled("gw-move", 2));
        second.AddRaw([0xFF, 1]);
        await using var source = await SqliteStore.OpenAsync(scratch.File("city.db"), Stop);
        await CommitAsync(source, [.. first.Deliver(1, 2), .. second.DeliverAll()]);
        await using var target = await OpenTargetAsync(await postgres.CreateDatabaseAsync(Stop));
        Assert.Equal(4 + 8, await StoreMove.RunAsync(source, target, Stop));

        await using var moved = await OpenTargetAsync(connection!);
        Assert.Equal(source.StoreId, moved.StoreId);
        // The rest of the first spool, and all of both again: only the rest is new.
        var result = await CommitAsync(moved, [.. first.DeliverAll(), .. second.DeliverAll(), .. Filled("gw-new", 3).DeliverAll()]);
        Assert.Equal((4 + 8, 0), (result.ReadingsStored, result.Equivocations));
        await using var transaction = await moved.BeginAsync(Stop);
        Assert.Equal(12 + 4 + 8, await transaction.NumberAsync("SELECT count(*) FROM reading", Stop));
        Assert.Equal(12 + 4 + 8, await transaction.NumberAsync("SELECT count(DISTINCT (gateway, spool, sequence)) FROM reading", Stop));
        Assert.Equal(1, await transaction.NumberAsync("SELECT count(*) FROM set_aside", Stop));
        Assert.Equal(1, await transaction.NumberAsync("SELECT count(*) FROM reading WHERE time = timestamptz '2026-09-21 14:13:21Z' AND value = 1 AND gateway = 'gw-move' AND spool LIKE '%1%' AND sequence = 1 AND sensor = 'pms1' AND spool = $1", Stop, first.Spool.ToString()));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task The_old_file_is_closed_for_a_bridge_that_still_runs_on_it_and_for_the_next_start()
    {
        await using var running = await SqliteStore.OpenAsync(scratch.File("city.db"), Stop);
        await using var source = await SqliteStore.OpenAsync(scratch.File("city.db"), Stop);
        await using var target = await OpenTargetAsync(await postgres.CreateDatabaseAsync(Stop));
        await StoreMove.RunAsync(source, target, Stop);
        var refused = await Assert.ThrowsAsync<StoreRefusedException>(() => CommitAsync(running, Filled("gw-late", 4).DeliverAll()));
        Assert.Contains("store.kind to postgres", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteStore.OpenAsync(scratch.File("city.db"), Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_database_with_data_of_its_own_is_refused_and_both_stay_as_they_are()
    {
        await using var source = await SqliteStore.OpenAsync(scratch.File("city.db"), Stop);
        await CommitAsync(source, Filled("gw-here", 5).DeliverAll());
        await using var target = await OpenTargetAsync(await postgres.CreateDatabaseAsync(Stop));
        await CommitAsync(target, Filled("gw-there", 6).DeliverAll());
        await Assert.ThrowsAsync<StoreRefusedException>(() => StoreMove.RunAsync(source, target, Stop));
        Assert.Equal(0, (await CommitAsync(source, Filled("gw-here", 5).DeliverAll())).ReadingsStored);
        Assert.Equal(0, (await CommitAsync(target, Filled("gw-there", 6).DeliverAll())).ReadingsStored);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_move_that_died_before_the_file_was_closed_is_finished_by_the_next_try()
    {
        var file = scratch.File("city.db");
        await using (var source = await SqliteStore.OpenAsync(file, Stop))
        {
            await CommitAsync(source, Filled("gw-again", 7).DeliverAll());
            await using var target = await OpenTargetAsync(await postgres.CreateDatabaseAsync(Stop));
            await StoreMove.RunAsync(source, target, Stop);
        }

        await using (var raw = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await raw.OpenAsync(Stop);
            await using var command = raw.CreateCommand();
            command.CommandText = "UPDATE store SET moved_to = NULL";
            await command.ExecuteNonQueryAsync(Stop);
        }

        await using (var source = await SqliteStore.OpenAsync(file, Stop))
        await using (var target = await OpenTargetAsync(connection!))
            Assert.Equal(8, await StoreMove.RunAsync(source, target, Stop));
        await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteStore.OpenAsync(file, Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task After_a_restore_from_an_older_backup_the_box_fills_the_store_and_each_reading_is_there_once()
    {
        var database = await postgres.CreateDatabaseAsync(Stop);
        var (old, present) = (Filled("gw-restore", 8), Filled("gw-restore", 9));
        var dump = scratch.File("backup.sql");
        await using (var store = await OpenTargetAsync(database))
        {
            await CommitAsync(store, [.. old.DeliverAll(), .. present.Deliver(1, 2)]);
            await RunAsync("pg_dump", ["--dbname", Uri(database), "--file", dump]);
            present.AddBlock(bootTimeMs: 100_000, value: 77);
            await CommitAsync(store, present.Deliver(3, present.Head));
        }

        var restored = await postgres.CreateDatabaseAsync(Stop);
        await RunAsync("psql", ["--dbname", Uri(restored), "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--file", dump]);
        await using var city = await OpenTargetAsync(restored);
        var status = new GatewayStatus("gw-restore", true, "1", "boot", 0, "ok", new Dictionary<string, string>(), [.. new[] { old, present }.Select(box => new SpoolStatus(box.Spool, SpoolClass.Normal, box.Head, [new NumberRange(1, box.Head)], []))]);
        var missing = Assert.Single(await MissingQuery.FindAsync(city, status, Stop));
        Assert.Equal((present.Spool, "3-4"), (missing.Ack.Spool, string.Join(",", missing.Ack.Missing)));
        await CommitAsync(city, present.Deliver(3, 4, Lane.Backlog));
        Assert.Empty(await MissingQuery.FindAsync(city, status, Stop));

        // As the platform team looks at it.
        var seen = await RunAsync("psql", ["--dbname", Uri(restored), "--no-psqlrc", "--tuples-only", "--no-align", "--command", "SELECT sensor, quantity, value, unit, grade, count(*) OVER (), count(*) FILTER (WHERE sequence > 0) OVER () FROM reading WHERE spool = '" + present.Spool + "' ORDER BY sequence DESC LIMIT 1"]);
        Assert.Equal("pms2|pm2_5|80|ug/m3|good|12|12", seen.Trim());
    }

    string? connection;

    async Task<PostgresStore> OpenTargetAsync(string database)
    {
        connection = database;
        return await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = database }, TimeProvider.System, Stop);
    }

    static Task<CommitResult> CommitAsync(IReadingStore store, DeliveredRecord[] records) =>
        new Committer(store, TimeProvider.System, NullLogger<Committer>.Instance).CommitAsync(records, [], [], Stop);

    static TestBox Filled(string gateway, int seed)
    {
        var box = new TestBox(gateway, seed);
        box.AddCatalog();
        box.AddBlock();
        box.AddBlock(bootTimeMs: 10_000, value: 100);
        return box;
    }

    static string Uri(string database)
    {
        var parts = new NpgsqlConnectionStringBuilder(database);
        return $"postgresql://{parts.Username}@{parts.Host}:{parts.Port}/{parts.Database}";
    }

    static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(PostgresServer.Binaries!, program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
