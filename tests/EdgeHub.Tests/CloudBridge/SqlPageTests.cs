using System.Security.Cryptography;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Postgres;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>What docs/sql.md promises to platform teams, as the role that they get.</summary>
public sealed class SqlPageTests(PostgresServer postgres)
{
    const int TestMsMax = 120_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestMsMax)]
    public async Task Every_query_of_the_page_runs_as_a_reader_and_finds_something()
    {
        var queries = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/sql.md"), Stop)).Split("```sql\n")[1..].Select(part => part.Split("```")[0]).ToArray();
        Assert.Equal(10, queries.Length);
        await using var source = await FilledAsync("edgehub_reader");
        foreach (var query in queries)
        {
            await using var command = source.CreateCommand(query);
            await using var reader = await command.ExecuteReaderAsync(Stop);
            Assert.True(await reader.ReadAsync(Stop), $"No row: {query}");
        }
    }

    [Theory(Timeout = TestMsMax)]
    [InlineData("SELECT count(*) FROM reading_row")]
    [InlineData("SELECT count(*) FROM ledger_range")]
    [InlineData("DELETE FROM reading")]
    public async Task A_reader_sees_the_views_and_no_table(string forbidden)
    {
        await using var source = await FilledAsync("edgehub_reader");
        await using var allowed = source.CreateCommand("SELECT count(*) FROM reading_all");
        Assert.True((long)(await allowed.ExecuteScalarAsync(Stop))! > 0);
        await using var command = source.CreateCommand(forbidden);
        // A view over two tables takes no DELETE from anybody; a table refuses this role.
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Stop));
        Assert.Contains(refused.SqlState, new[] { PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.ObjectNotInPrerequisiteState });
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_bridge_that_is_only_a_writer_commits()
    {
        var connection = await postgres.CreateDatabaseAsync(Stop);
        await using (await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, Stop))
        {
            // The owner makes schema and roles.
        }

        await using var store = await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = await LoginAsync(connection, "edgehub_writer") }, TimeProvider.System, Stop);
        Assert.Null(store.Advice);
        var box = Box();
        Assert.Equal(box.Sequence, (await CommitAsync(store, box.DeliverAll())).ReadingsStored);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Where_the_roles_may_not_be_made_or_granted_the_bridge_says_what_to_do()
    {
        var connection = await postgres.CreateDatabaseAsync(Stop);
        await using (var owner = await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, Stop))
        {
            Assert.Null(owner.Advice);
            await using var transaction = await owner.BeginAsync(Stop);
            await transaction.ExecuteAsync("REVOKE SELECT ON reading, event_log FROM edgehub_reader", Stop);
            await transaction.CommitAsync(Stop);
        }

        await using var other = await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = await LoginAsync(connection, "edgehub_writer") }, TimeProvider.System, Stop);
        Assert.Contains("CREATE ROLE edgehub_reader", other.Advice, StringComparison.Ordinal);
    }

    async Task<NpgsqlDataSource> FilledAsync(string role)
    {
        var connection = await postgres.CreateDatabaseAsync(Stop);
        await using (var store = await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, Stop))
        {
            var box = Box();
            await CommitAsync(store, [.. box.Deliver(1, 3), .. box.Deliver(5, 5, Lane.Backlog)]);
            await new Committer(store, TimeProvider.System, NullLogger<Committer>.Instance).CommitAsync([], [], [new StoreEvent(StoreEvent.Refill, "gw-street", "for the page", default)], Stop);
        }

        return NpgsqlDataSource.Create(await LoginAsync(connection, role));
    }

    // Logins are the server's, not the database's: each test has its own.
    static async Task<string> LoginAsync(string connection, string role)
    {
        var login = $"login_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand($"CREATE ROLE {login} LOGIN IN ROLE {role}");
        await command.ExecuteNonQueryAsync(Stop);
        return new NpgsqlConnectionStringBuilder(connection) { Username = login }.ConnectionString;
    }

    static TestBox Box()
    {
        var box = new TestBox("gw-street", 1, offset: TimeProvider.System.GetUtcNow().AddHours(-3).ToUnixTimeMilliseconds());
        box.AddCatalog();
        for (var i = 0; i < 4; i++)
            box.AddBlock(bootTimeMs: 1000 + (i * 60_000), value: i);
        return box;
    }

    static Task<CommitResult> CommitAsync(PostgresStore store, DeliveredRecord[] records) =>
        new Committer(store, TimeProvider.System, NullLogger<Committer>.Instance).CommitAsync(records, [], [], Stop);
}
