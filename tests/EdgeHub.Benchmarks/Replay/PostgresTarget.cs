using System.Data.Common;
using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Store;
using Npgsql;
using NpgsqlTypes;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>Databases of a PostgreSQL of our own; the reference is binary COPY, a transaction at a time.</summary>
sealed class PostgresTarget(PostgresProcess server) : ReplayTarget
{
    string connection = "";

    public override async Task<JsonObject> NewDatabaseAsync(CancellationToken stop)
    {
        connection = await server.CreateDatabaseAsync(stop);
        return new JsonObject { ["kind"] = "postgres", ["connection"] = connection };
    }

    public override async Task<ReplayRow[]> RowsAsync(CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("SELECT stream, time, value, quality, spool, sequence, historical FROM reading_row ORDER BY ctid");
        var rows = new List<ReplayRow>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(new ReplayRow(reader.GetInt32(0), new DateTimeOffset(reader.GetDateTime(1)).ToUnixTimeMilliseconds(), reader.IsDBNull(2) ? null : reader.GetDouble(2), reader.GetInt16(3), reader.GetInt32(4), reader.GetInt64(5), reader.GetBoolean(6)));
        return [.. rows];
    }

    public override async Task<long> CommitsAsync(CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("SELECT commits FROM store");
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    public override async Task<(DbConnection Connection, Func<ReadOnlyMemory<ReplayRow>, int, Task> Rows)> OpenBareAsync(CancellationToken stop)
    {
        await NewDatabaseAsync(stop);
        await using (await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, stop))
        {
            // The bridge's own schema; the store is closed again.
        }

        var open = new NpgsqlConnection(connection);
        await open.OpenAsync(stop);
        return (open, (rows, perTransaction) => CopyAsync(open, rows, perTransaction, stop));
    }

    public override ValueTask DisposeAsync() => server.DisposeAsync();

    static async Task CopyAsync(NpgsqlConnection open, ReadOnlyMemory<ReplayRow> rows, int perTransaction, CancellationToken stop)
    {
        for (var start = 0; start < rows.Length; start += perTransaction)
        {
            await using var copy = await open.BeginBinaryImportAsync("COPY reading_row (stream, time, value, quality, spool, sequence, historical) FROM STDIN (FORMAT BINARY)", stop);
            Write(copy, rows.Span.Slice(start, Math.Min(perTransaction, rows.Length - start)));
            await copy.CompleteAsync(stop);
        }
    }

    static void Write(NpgsqlBinaryImporter copy, ReadOnlySpan<ReplayRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            copy.StartRow();
            copy.Write(row.Stream, NpgsqlDbType.Integer);
            copy.Write(DateTime.UnixEpoch.AddMilliseconds(row.TimeMs), NpgsqlDbType.TimestampTz);
            if (row.Value is { } value)
                copy.Write(value, NpgsqlDbType.Double);
            else
                copy.WriteNull();
            copy.Write((short)row.Quality, NpgsqlDbType.Smallint);
            copy.Write(row.Spool, NpgsqlDbType.Integer);
            copy.Write(row.Sequence, NpgsqlDbType.Bigint);
            copy.Write(row.Historical, NpgsqlDbType.Boolean);
        }
    }
}
