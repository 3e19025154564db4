using System.Data.Common;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Outgoing;

/// <summary>
/// What is to be published, written by the commit that stored it: the newest value per topic, and every urgent reading.
/// Commit numbers have no holes: the counter's row is locked from the moment a number is taken until its commit.
/// </summary>
static class OutboxTable
{
    const string Columns = "g.id, s.unit, s.classification, o.time, o.value, o.quality, p.id, o.sequence, o.historical, o.commit_number";
    const string Joins = "JOIN stream s ON s.key = o.stream JOIN gateway g ON g.key = s.gateway JOIN spool p ON p.key = o.spool";

    public static async Task<long> NextCommitAsync(StoreTransaction transaction, CancellationToken cancellationToken) =>
        await transaction.NumberAsync("UPDATE store SET commits = commits + 1 RETURNING commits", cancellationToken)
            ?? throw new InvalidOperationException("The store has no row of its own.");

    /// <summary>Moves a topic's newest value forward in time; an older one changes nothing.</summary>
    /// <param name="horizonMs">A value that lies behind it gives way to any.</param>
    public static Task AddLatestAsync(StoreTransaction transaction, string topic, ReadingRow row, bool urgent, long commit, long horizonMs, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(
            """
            INSERT INTO latest (topic, stream, time, value, quality, spool, sequence, historical, urgent, commit_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (topic) DO UPDATE SET stream = excluded.stream, time = excluded.time, value = excluded.value, quality = excluded.quality, spool = excluded.spool,
                sequence = excluded.sequence, historical = excluded.historical, urgent = excluded.urgent, commit_number = excluded.commit_number
            WHERE excluded.time > latest.time OR latest.time > $11
            """,
            cancellationToken,
            topic,
            (long)row.Stream,
            row.TimeMs,
            double.IsNaN(row.Value) ? null : row.Value,
            (long)row.Quality,
            (long)row.Spool,
            row.Sequence,
            row.Historical ? 1L : 0L,
            urgent ? 1L : 0L,
            commit,
            horizonMs);

    public static Task AddUrgentAsync(StoreTransaction transaction, ReadingRow row, long commit, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(
            "INSERT INTO urgent_reading (stream, time, value, quality, spool, sequence, historical, commit_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            cancellationToken,
            (long)row.Stream,
            row.TimeMs,
            double.IsNaN(row.Value) ? null : row.Value,
            (long)row.Quality,
            (long)row.Spool,
            row.Sequence,
            row.Historical ? 1L : 0L,
            commit);

    public static async Task<long> CursorAsync(StoreTransaction transaction, string output, CancellationToken cancellationToken) =>
        await transaction.NumberAsync("SELECT commit_number FROM outbox WHERE output = $1", cancellationToken, output) ?? 0;

    public static Task MoveCursorAsync(StoreTransaction transaction, string output, long commit, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(
            "INSERT INTO outbox (output, commit_number) VALUES ($1, $2) ON CONFLICT (output) DO UPDATE SET commit_number = excluded.commit_number",
            cancellationToken,
            output,
            commit);

    /// <summary>The newest values that moved after <paramref name="cursor"/>, oldest commit first. A commit is never split: all of its topics or none.</summary>
    public static Task<List<CityReading>> LatestAfterAsync(StoreTransaction transaction, long cursor, int countMax, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            $"SELECT {Columns}, o.topic, 1, 0 FROM latest o {Joins} WHERE o.urgent = 0 AND o.commit_number > $1 AND o.commit_number <= coalesce((SELECT commit_number FROM latest WHERE urgent = 0 AND commit_number > $1 ORDER BY commit_number LIMIT 1 OFFSET $2), {long.MaxValue}) ORDER BY o.commit_number",
            Read,
            cancellationToken,
            cursor,
            (long)countMax);

    /// <summary>Urgent readings in the order of their commits. One may become a topic's retained value only when nothing newer is known.</summary>
    public static Task<List<CityReading>> UrgentAsync(StoreTransaction transaction, int countMax, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            $"SELECT {Columns}, s.topic, CASE WHEN o.time >= coalesce((SELECT l.time FROM latest l WHERE l.topic = s.topic), o.time) THEN 1 ELSE 0 END, o.key FROM urgent_reading o {Joins} ORDER BY o.key LIMIT $1",
            Read,
            cancellationToken,
            (long)countMax);

    public static Task RemoveUrgentAsync(StoreTransaction transaction, long throughKey, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("DELETE FROM urgent_reading WHERE key <= $1", cancellationToken, throughKey);

    static CityReading Read(DbDataReader reader) => new(
        reader.GetString(10),
        reader.GetInt64(3),
        reader.IsDBNull(4) ? double.NaN : reader.GetDouble(4),
        reader.GetString(1),
        (Quality)(byte)reader.GetInt64(5),
        reader.GetString(2),
        reader.GetInt64(8) != 0,
        reader.GetString(0),
        SpoolId.Read((byte[])reader[6]),
        reader.GetInt64(7),
        reader.GetInt64(9),
        reader.GetInt64(11) != 0,
        reader.GetInt64(12));
}
