using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Postgres;
using EdgeHub.Hosting;
using EdgeHub.Tests.Golden;
using EdgeHub.Tests.Servers;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

public sealed class PostgresStoreTests(PostgresServer postgres) : ReadingStoreTests
{
    string? connection;

    [Theory(Timeout = TestMsMax)]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task A_server_that_would_lose_commits_is_refused_with_the_fix(string setting)
    {
        await using var careless = PostgresServer.With($"{setting}=off");
        var options = new StoreOptions { Kind = StoreKind.Postgres, Connection = await careless.CreateDatabaseAsync(Stop) };
        var refused = await Assert.ThrowsAsync<StoreRefusedException>(() => PostgresStore.OpenAsync(options, TimeProvider.System, Stop));
        Assert.Contains($"Set {setting} = on", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_schema_newer_than_the_program_is_refused()
    {
        await ExecuteAsync("UPDATE schema_version SET version = 5");
        var refused = await Assert.ThrowsAsync<NewerFormatException>(OpenAsync);
        Assert.Equal((5, 4), (refused.Found, refused.Known));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_commit_is_synchronous_even_where_the_servers_default_is_not()
    {
        await ExecuteAsync("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$");
        await ReopenAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
        Assert.Equal(["on"], await TextsAsync("SHOW synchronous_commit"));
    }

    [Theory(Timeout = TestMsMax)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_store_of_an_older_version_is_brought_to_this_version_with_all_that_it_holds(int version)
    {
        var database = await postgres.CreateDatabaseAsync(Stop);
        await using (var source = Npgsql.NpgsqlDataSource.Create(database))
        await using (var command = source.CreateCommand(await File.ReadAllTextAsync(GoldenFile.PathOf($"store/postgres-v{version}.sql"), Stop)))
            await command.ExecuteNonQueryAsync(Stop);
        await CheckMigratedAsync(await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = database }, TimeProvider.System, Stop), version);
    }

    private protected override async Task<IReadingStore> OpenAsync()
    {
        connection ??= await postgres.CreateDatabaseAsync(Stop);
        return await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, Stop);
    }

    private protected override ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    [Theory(Timeout = TestMsMax)]
    [InlineData("40P01")]
    [InlineData("40001")]
    public async Task A_batch_that_loses_against_another_is_tried_again_and_stored_once(string state)
    {
        // A sequence keeps what it counted though the transaction is rolled back: the first two tries fail.
        await ExecuteAsync($"""
            CREATE SEQUENCE tries;
            CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('tries') <= 2 THEN RAISE EXCEPTION 'lost' USING ERRCODE = '{state}'; END IF; RETURN NULL; END $$;
            CREATE TRIGGER lose AFTER INSERT ON reading_row FOR EACH STATEMENT EXECUTE FUNCTION lose();
            """);
        var box = new TestBox("gw-loses", 1);
        box.AddCatalog();
        box.AddBlock(count: 4);
        var result = await CommitAsync(box.DeliverAll());
        Assert.Equal((4, 0), (result.ReadingsStored, result.RecordsSetAside));
        Assert.Equal(4, await RowsAsync("gw-loses"));
        Assert.Equal(3, await CountAsync("SELECT last_value FROM tries"));
    }

    private protected override Task RefuseValueAsync(double value) =>
        ExecuteAsync(FormattableString.Invariant($"ALTER TABLE reading_row ADD CONSTRAINT refuse CHECK (value <> {value})"));

    private protected override Task AcceptAllValuesAsync() => ExecuteAsync("ALTER TABLE reading_row DROP CONSTRAINT refuse");
}
