using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Postgres;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.Hosting.Progress;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>A database that will not come back by itself is named with its fix, and once mended the bridge goes on without a restart.</summary>
public sealed class StoreStateTests(PostgresServer postgres) : IDisposable
{
    const int TestMsMax = 90_000;
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(40);

    readonly ScratchDirectory scratch = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Theory(Timeout = TestMsMax)]
    [InlineData("ALTER TABLE spool RENAME TO spool_gone", "ALTER TABLE spool_gone RENAME TO spool", StoreFault.SchemaGone, "Restore the schema")]
    [InlineData("ALTER TABLE reading_row RENAME COLUMN quality TO grade", "ALTER TABLE reading_row RENAME COLUMN grade TO quality", StoreFault.SchemaGone, "Restore the schema")]
    [InlineData("REVOKE INSERT ON ledger_range FROM bridge", "GRANT INSERT ON ledger_range TO bridge", StoreFault.PermissionDenied, "grant the user")]
    [InlineData("ALTER ROLE bridge SET default_transaction_read_only = on", "ALTER ROLE bridge RESET default_transaction_read_only", StoreFault.ReadOnly, "Connect to the primary")]
    public async Task A_permanent_error_of_PostgreSQL_is_named_with_its_fix_and_ends_when_it_is_mended(string harm, string mend, StoreFault fault, string fix)
    {
        var owner = await postgres.CreateDatabaseAsync(Stop);
        await using (await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = owner }, TimeProvider.System, Stop))
        {
        }

        await using var admin = NpgsqlDataSource.Create(owner);
        await ExecuteAsync(admin, "DO $$ BEGIN CREATE ROLE bridge LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT ALL ON ALL TABLES IN SCHEMA public TO bridge; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO bridge");
        await using var store = await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = $"{owner};Username=bridge;Pooling=false" }, TimeProvider.System, Stop);
        await CheckAsync(store, () => ExecuteAsync(admin, harm), () => ExecuteAsync(admin, mend), fault, fix);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_full_disk_under_SQLite_is_named_and_ends_when_there_is_space_again()
    {
        await using var store = await SqliteStore.OpenAsync(scratch.File("city.db"), Stop);
        await CheckAsync(
            store,
            () => PragmaAsync(store, "SELECT * FROM pragma_page_count", pages => $"PRAGMA max_page_count={pages}"),
            () => PragmaAsync(store, "SELECT 1000000000", pages => $"PRAGMA max_page_count={pages}"),
            StoreFault.DiskFull,
            "Free its disk",
            blocks: 400);
    }

    [Fact]
    public void Every_condition_of_the_store_stands_in_the_operations_guide()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        foreach (var fault in Enum.GetValues<StoreFault>().Where(fault => (int)fault < 100))
            Assert.Contains($"| `{fault}` | {(int)fault} |", guide, StringComparison.Ordinal);
    }

    static async Task CheckAsync(IReadingStore store, Func<Task> harm, Func<Task> mend, StoreFault fault, string fix, int blocks = 2)
    {
        await using var broker = new FakeBroker();
        using var receiver = new Receiver(broker, new Committer(store, TimeProvider.System, NullLogger<Committer>.Instance), new Topics(), new IntakeOptions { RetryDelayMax = TimeSpan.FromMilliseconds(500) }, new Watchdog(TimeProvider.System), TimeProvider.System, NullLogger<Receiver>.Instance);
        await receiver.StartAsync(Stop);
        await harm();
        var box = new TestBox("gw1", 1);
        box.AddCatalog();
        for (var i = 0; i < blocks; i++)
            box.AddBlock(bootTimeMs: i * 10_000, value: i, count: 200);
        await broker.SendAsync(box.All());
        await UntilAsync(() => receiver.StoreState.Fault == fault, () => receiver.StoreState.ToString());
        Assert.Contains(fix, receiver.StoreState.Sentence, StringComparison.Ordinal);
        Assert.True(receiver.StoreState.NeedsSomeone);
        Assert.Empty(broker.Acks("gw1"));
        await mend();
        await UntilAsync(() => broker.Acks("gw1").Count == 1, () => receiver.StoreState.ToString());
        Assert.Equal(StoreState.Good, receiver.StoreState);
        Assert.Empty(broker.Acks("gw1")[0].SetAside);
        await receiver.StopAsync(Stop);
    }

    static async Task PragmaAsync(SqliteStore store, string ask, Func<long, string> pragma)
    {
        await using var transaction = await store.BeginAsync(Stop);
        var pages = await transaction.NumberAsync(ask, Stop);
        await transaction.NumberAsync(pragma(pages!.Value), Stop);
    }

    static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }

    static async Task UntilAsync(Func<bool> condition, Func<string> state)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < WaitMax, state());
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
    }
}
