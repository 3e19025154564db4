using System.Globalization;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>Newest values in the order of the commits that brought them. A commit is never split.</summary>
public static class LiveQuery
{
    public static async Task<long> HeadAsync(IStoreReader store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await transaction.NumberAsync("SELECT max(commit_number) FROM latest", cancellationToken) ?? 0;
    }

    /// <summary>What moved after one commit and up to another.</summary>
    public static async Task<IReadOnlyList<LiveReading>> ReadAsync(IStoreReader store, StreamFilter filter, long after, long through, int countMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        var conditions = filter.Conditions("g.id", "s.", "s.area").Add("l.commit_number > {0}", after).Add("l.commit_number <= {0}", through);
        const string sources = "latest l JOIN stream s ON s.key = l.stream JOIN gateway g ON g.key = s.gateway JOIN spool p ON p.key = l.spool";
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await transaction.QueryAsync(
            $"""
            SELECT g.id, s.sensor, s.quantity, s.topic, s.unit, l.time, l.value, l.quality, l.historical, p.id, l.sequence, s.area, l.commit_number FROM {sources}
            WHERE {conditions.Text} AND l.commit_number <= coalesce((SELECT l.commit_number FROM {sources} WHERE {conditions.Text} ORDER BY l.commit_number LIMIT 1 OFFSET {countMax.ToString(CultureInfo.InvariantCulture)}), {long.MaxValue.ToString(CultureInfo.InvariantCulture)})
            ORDER BY l.commit_number, g.id, s.sensor, s.quantity
            """,
            reader =>
            {
                var reading = ReadingInfo.Of(reader.GetInt64(5), reader.IsDBNull(6) ? null : reader.GetDouble(6), (int)reader.GetInt64(7), reader.GetInt64(8) != 0, SpoolId.Read((byte[])reader[9]).ToString(), reader.GetInt64(10));
                return new LiveReading(new StreamId(reader.GetString(0), reader.GetString(1), reader.GetString(2)).ToString(), reader.GetString(3), reader.GetString(4), reading.Time, reading.Value, reading.Quality, reading.Grade, reading.Flag, reading.Historical, reading.Spool, reading.Sequence)
                {
                    Area = reader.GetString(11),
                    Commit = reader.GetInt64(12),
                };
            },
            cancellationToken,
            conditions.Values);
    }
}
