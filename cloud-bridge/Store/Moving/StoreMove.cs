using System.Globalization;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Moving;

/// <summary>
/// Data, ledger and store id from a SQLite file to an empty PostgreSQL database, in one transaction of each. The file is closed for good
/// after the database has committed: a crash in between leaves both, and the next try only closes the file. The boxes notice nothing, since
/// the id that they are bound to goes along.
/// </summary>
public static class StoreMove
{
    const int RowsPerWrite = 50_000;

    static readonly string[] Tables =
    [
        "gateway", "spool", "ledger_range", "record_hash", "side_record", "stream", "clock_fix", "parked", "set_aside", "dead_letter", "event",
        "latest", "urgent_reading", "outbox", "retained", "books_cut", "removed",
    ];

    static readonly string[] Keyed = ["gateway", "spool", "stream", "dead_letter", "event", "urgent_reading"];

    /// <returns>How many readings moved.</returns>
    /// <exception cref="StoreRefusedException">The database is not empty, or does not hold what was written; nothing was changed.</exception>
    public static async Task<long> RunAsync(IReadingStore source, IReadingStore target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        await using var from = await source.BeginAsync(cancellationToken);
        var rows = await CountAsync(from, cancellationToken);
        if (target.StoreId != source.StoreId)
        {
            await using var to = await target.BeginAsync(cancellationToken);
            if (await to.NumberAsync("SELECT (SELECT count(*) FROM gateway) + (SELECT count(*) FROM dead_letter) + (SELECT count(*) FROM event)", cancellationToken) != 0)
                throw new StoreRefusedException($"{target.Description} already holds data of its own. Name an empty database.");
            foreach (var table in Tables)
                await CopyAsync(from, to, table, cancellationToken);
            await CopyRowsAsync(from, target, to, cancellationToken);
            foreach (var table in Keyed)
                await to.NumberAsync($"SELECT setval(pg_get_serial_sequence('{table}', 'key'), coalesce((SELECT max(key) FROM {table}), 0) + 1, false)", cancellationToken);
            var commits = await from.NumberAsync("SELECT commits FROM store", cancellationToken);
            await to.ExecuteAsync("UPDATE store SET id = $1, commits = $2", cancellationToken, source.StoreId, commits);
            if (await CountAsync(to, cancellationToken) is var arrived && arrived != rows)
                throw new StoreRefusedException($"{target.Description} has {arrived} of {rows} readings; it was left empty.");
            await to.CommitAsync(cancellationToken);
        }

        await from.ExecuteAsync("UPDATE store SET moved_to = $1", cancellationToken, target.Description);
        await from.CommitAsync(cancellationToken);
        return rows;
    }

    static async Task<long> CountAsync(StoreTransaction transaction, CancellationToken cancellationToken) =>
        await transaction.NumberAsync("SELECT count(*) FROM reading_row", cancellationToken) ?? 0;

    static async Task CopyAsync(StoreTransaction from, StoreTransaction to, string table, CancellationToken cancellationToken)
    {
        var insert = "";
        await from.ReadAsync(
            $"SELECT * FROM {table}",
            async reader =>
            {
                if (insert.Length == 0)
                {
                    var columns = Enumerable.Range(0, reader.FieldCount).ToArray();
                    insert = $"INSERT INTO {table} ({string.Join(", ", columns.Select(reader.GetName))}) OVERRIDING SYSTEM VALUE VALUES ({string.Join(", ", columns.Select(i => string.Create(CultureInfo.InvariantCulture, $"${i + 1}")))})";
                }

                var values = new object[reader.FieldCount];
                reader.GetValues(values);
                await to.ExecuteAsync(insert, cancellationToken, values);
            },
            cancellationToken);
    }

    static async Task CopyRowsAsync(StoreTransaction from, IReadingStore target, StoreTransaction to, CancellationToken cancellationToken)
    {
        var batch = new List<ReadingRow>(RowsPerWrite);
        await from.ReadAsync(
            "SELECT stream, spool, sequence, time, value, quality, historical, overheard FROM reading_row ORDER BY rowid",
            async reader =>
            {
                batch.Add(new ReadingRow(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetValue(4) is double value ? value : double.NaN, (Quality)reader.GetByte(5), reader.GetInt64(6) != 0, reader.GetInt64(7) != 0));
                if (batch.Count < RowsPerWrite)
                    return;
                await target.WriteRowsAsync(to, batch, cancellationToken);
                batch.Clear();
            },
            cancellationToken);
        if (batch.Count > 0)
            await target.WriteRowsAsync(to, batch, cancellationToken);
    }
}
