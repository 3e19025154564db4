using System.Data.Common;
using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Store;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>SQLite files; the reference is SQLite's own prepared statement, bound and stepped without anything around it.</summary>
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
            rows.Add(new ReplayRow(reader.GetInt32(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetDouble(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt64(5), reader.GetInt64(6) != 0));
        return [.. rows];
    }

    public override async Task<long> CommitsAsync(CancellationToken stop)
    {
        await using var connection = await OpenAsync(stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT commits FROM store";
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    public override async Task<(DbConnection Connection, Func<ReadOnlyMemory<ReplayRow>, int, Task> Rows)> OpenBareAsync(CancellationToken stop)
    {
        files++;
        await using (await SqliteStore.OpenAsync(File, stop))
        {
            // The bridge's own schema; the store is closed again.
        }

        var connection = await OpenAsync(stop);
        await using (var pragmas = connection.CreateCommand())
        {
            pragmas.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000";
            await pragmas.ExecuteNonQueryAsync(stop);
        }

        return (connection, (rows, perTransaction) => Task.Run(() => Write(connection.Handle!, rows.Span, perTransaction), stop));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static void Write(sqlite3 database, ReadOnlySpan<ReplayRow> rows, int rowsPerTransaction)
    {
        Check(database, raw.sqlite3_prepare_v3(database, "INSERT INTO reading_row (stream, time, value, quality, spool, sequence, historical) VALUES (?, ?, ?, ?, ?, ?, ?)", raw.SQLITE_PREPARE_PERSISTENT, out var statement), raw.SQLITE_OK);
        using (statement)
            for (var start = 0; start < rows.Length; start += rowsPerTransaction)
            {
                Check(database, raw.sqlite3_exec(database, "BEGIN IMMEDIATE"), raw.SQLITE_OK);
                foreach (ref readonly var row in rows.Slice(start, Math.Min(rowsPerTransaction, rows.Length - start)))
                {
                    raw.sqlite3_bind_int64(statement, 1, row.Stream);
                    raw.sqlite3_bind_int64(statement, 2, row.TimeMs);
                    if (row.Value is { } value)
                        raw.sqlite3_bind_double(statement, 3, value);
                    else
                        raw.sqlite3_bind_null(statement, 3);
                    raw.sqlite3_bind_int64(statement, 4, row.Quality);
                    raw.sqlite3_bind_int64(statement, 5, row.Spool);
                    raw.sqlite3_bind_int64(statement, 6, row.Sequence);
                    raw.sqlite3_bind_int64(statement, 7, row.Historical ? 1 : 0);
                    Check(database, raw.sqlite3_step(statement), raw.SQLITE_DONE);
                    raw.sqlite3_reset(statement);
                }

                Check(database, raw.sqlite3_exec(database, "COMMIT"), raw.SQLITE_OK);
            }
    }

    static void Check(sqlite3 database, int result, int expected)
    {
        if (result != expected)
            throw new InvalidOperationException(raw.sqlite3_errmsg(database).utf8_to_string());
    }

    async Task<SqliteConnection> OpenAsync(CancellationToken stop)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString());
        await connection.OpenAsync(stop);
        return connection;
    }
}
