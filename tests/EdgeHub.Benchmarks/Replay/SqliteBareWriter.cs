using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>SQLite's own prepared statement, bound and stepped without anything around it. Owns the connection.</summary>
sealed class SqliteBareWriter(SqliteConnection connection) : BareWriter
{
    const string Insert = "INSERT INTO reading_row (stream, time, value, quality, spool, sequence, historical) VALUES (?, ?, ?, ?, ?, ?, ?)";

    // What SqliteStore sets on its own connection.
    const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000";

    sqlite3 Database => connection.Handle!;

    public async Task PrepareAsync(CancellationToken stop)
    {
        await using var pragmas = connection.CreateCommand();
        pragmas.CommandText = Pragmas;
        await pragmas.ExecuteNonQueryAsync(stop);
    }

    public override Task WriteAsync(ReadOnlyMemory<ReplayRow> rows, int rowsPerTransaction, CancellationToken stop)
    {
        Write(rows.Span, rowsPerTransaction);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => connection.DisposeAsync();

    void Write(ReadOnlySpan<ReplayRow> rows, int rowsPerTransaction)
    {
        Check(raw.sqlite3_prepare_v3(Database, Insert, raw.SQLITE_PREPARE_PERSISTENT, out var statement), raw.SQLITE_OK);
        using (statement)
            for (var start = 0; start < rows.Length; start += rowsPerTransaction)
            {
                Check(raw.sqlite3_exec(Database, "BEGIN IMMEDIATE"), raw.SQLITE_OK);
                foreach (ref readonly var row in rows.Slice(start, Math.Min(rowsPerTransaction, rows.Length - start)))
                    Write(statement, row);
                Check(raw.sqlite3_exec(Database, "COMMIT"), raw.SQLITE_OK);
            }
    }

    void Write(sqlite3_stmt statement, in ReplayRow row)
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
        Check(raw.sqlite3_step(statement), raw.SQLITE_DONE);
        raw.sqlite3_reset(statement);
    }

    void Check(int result, int expected)
    {
        if (result != expected)
            throw new InvalidOperationException(raw.sqlite3_errmsg(Database).utf8_to_string());
    }
}
