using EdgeHub.CloudBridge.Store.Rows;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeHub.CloudBridge.Store.Sqlite;

/// <summary>
/// The one hot statement, on SQLite's own bind and step: the ADO way boxes every value and looks up its type, and a
/// million readings would pay for it seven million times. Runs inside whatever transaction the connection is in.
/// </summary>
sealed class SqliteRowWriter : IDisposable
{
    const string Insert = "INSERT INTO reading_row (stream, time, value, quality, spool, sequence, historical, overheard) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

    readonly sqlite3 database;
    readonly sqlite3_stmt statement;

    public SqliteRowWriter(sqlite3 database)
    {
        this.database = database;
        Check(raw.sqlite3_prepare_v3(database, Insert, raw.SQLITE_PREPARE_PERSISTENT, out statement));
    }

    /// <exception cref="SqliteException">The database refuses a row; the caller rolls back.</exception>
    public void Write(IReadOnlyList<ReadingRow> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            raw.sqlite3_bind_int64(statement, 1, row.Stream);
            raw.sqlite3_bind_int64(statement, 2, row.TimeMs);
            if (double.IsNaN(row.Value))
                raw.sqlite3_bind_null(statement, 3);
            else
                raw.sqlite3_bind_double(statement, 3, row.Value);
            raw.sqlite3_bind_int64(statement, 4, (int)row.Quality);
            raw.sqlite3_bind_int64(statement, 5, row.Spool);
            raw.sqlite3_bind_int64(statement, 6, row.Sequence);
            raw.sqlite3_bind_int64(statement, 7, row.Historical ? 1 : 0);
            raw.sqlite3_bind_int64(statement, 8, row.Overheard ? 1 : 0);
            var result = raw.sqlite3_step(statement);
            // Reset returns the same error again; the message is read before it is gone.
            if (result != raw.SQLITE_DONE)
            {
                var message = raw.sqlite3_errmsg(database).utf8_to_string();
                raw.sqlite3_reset(statement);
                throw new SqliteException($"A reading was refused: {message}", result & 0xFF, result);
            }

            raw.sqlite3_reset(statement);
        }
    }

    public void Dispose() => statement.Dispose();

    void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw new SqliteException(raw.sqlite3_errmsg(database).utf8_to_string(), result & 0xFF, result);
    }
}
