using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>SQLite files.</summary>
sealed class SqliteTarget(string directory) : ReplayTarget
{
    int files;

    string File => Path.Combine(directory, $"city{files}.db");

    public override Task<JsonObject> NewDatabaseAsync(CancellationToken stop)
    {
        files++;
        return Task.FromResult(new JsonObject { ["kind"] = "sqlite", ["file"] = File });
    }

    public override async Task<ReplayRow[]> RowsAsync(CancellationToken stop)
    {
        await using var connection = await OpenAsync(stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT stream, time, value, quality, spool, sequence, historical FROM reading_row ORDER BY rowid";
        var rows = new List<ReplayRow>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(Read(reader));
        return [.. rows];
    }

    public override async Task<long> CommitsAsync(CancellationToken stop)
    {
        await using var connection = await OpenAsync(stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT commits FROM store";
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    public override async Task<BareWriter> OpenBareAsync(CancellationToken stop)
    {
        files++;
        await using (await SqliteStore.OpenAsync(File, stop))
        {
            // The bridge's own schema; the store is closed again.
        }

        var writer = new SqliteBareWriter(await OpenAsync(stop));
        await writer.PrepareAsync(stop);
        return writer;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static ReplayRow Read(SqliteDataReader reader) => new(
        reader.GetInt32(0),
        reader.GetInt64(1),
        reader.IsDBNull(2) ? null : reader.GetDouble(2),
        reader.GetInt32(3),
        reader.GetInt32(4),
        reader.GetInt64(5),
        reader.GetInt64(6) != 0);

    async Task<SqliteConnection> OpenAsync(CancellationToken stop)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString());
        await connection.OpenAsync(stop);
        return connection;
    }
}
