using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Postgres;
using Npgsql;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>Databases of a PostgreSQL of our own.</summary>
sealed class PostgresTarget(PostgresProcess server) : ReplayTarget
{
    string connection = "";

    public override async Task<JsonObject> NewDatabaseAsync(CancellationToken stop)
    {
        connection = await server.CreateDatabaseAsync(stop);
        return new JsonObject { ["kind"] = "postgres", ["connection"] = connection };
    }

    // At most so many: what is more than memory takes is no reference any more.
    public override async Task<ReplayRow[]> RowsAsync(CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("SELECT stream, time, value, quality, spool, sequence, historical FROM reading_row ORDER BY tableoid, ctid LIMIT 5000000");
        var rows = new List<ReplayRow>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(Read(reader));
        return [.. rows];
    }

    public override async Task<long> CommitsAsync(CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("SELECT commits FROM store");
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    public override async Task<BareWriter> OpenBareAsync(CancellationToken stop)
    {
        await NewDatabaseAsync(stop);
        await using (await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, stop))
        {
            // The bridge's own schema; the store is closed again.
        }

        var open = new NpgsqlConnection(connection);
        await open.OpenAsync(stop);
        return new PostgresBareWriter(open);
    }

    public override ValueTask DisposeAsync() => server.DisposeAsync();

    static ReplayRow Read(NpgsqlDataReader reader) => new(
        reader.GetInt32(0),
        new DateTimeOffset(reader.GetDateTime(1)).ToUnixTimeMilliseconds(),
        reader.IsDBNull(2) ? null : reader.GetDouble(2),
        reader.GetInt16(3),
        reader.GetInt32(4),
        reader.GetInt64(5),
        reader.GetBoolean(6));
}
