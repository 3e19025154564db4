using System.Data.Common;
using System.Globalization;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>The readings of one stream over time, from the view <c>reading</c>: every one, or one line a bucket.</summary>
public static class SeriesQuery
{
    const long HourMs = 3_600_000;

    /// <summary>Every reading from <paramref name="fromMs"/> until before <paramref name="toMs"/>, in time order.</summary>
    public static async Task<IReadOnlyList<(SeriesPosition Position, ReadingInfo Reading)>> ReadingsAsync(IStoreReader store, StreamFilter filter, long fromMs, long toMs, SeriesPosition? after, int countMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        var conditions = Range(store, filter, Math.Max(fromMs, after?.TimeMs ?? fromMs), toMs);
        if (after is not null)
            conditions.Add($"({store.TimeColumn}, spool, sequence) > ({{0}}, {{1}}, {{2}})", store.Time(after.TimeMs), after.Spool, after.Sequence);
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await transaction.QueryAsync(
            $"SELECT {store.TimeMs}, value, quality, historical, spool, sequence FROM reading WHERE {conditions.Text} ORDER BY {store.TimeColumn}, spool, sequence LIMIT {countMax.ToString(CultureInfo.InvariantCulture)}",
            reader =>
            {
                var position = new SeriesPosition(reader.GetInt64(0), reader.GetString(4), reader.GetInt64(5));
                return (position, ReadingInfo.Of(position.TimeMs, reader.IsDBNull(1) ? null : reader.GetDouble(1), Convert.ToInt32(reader[2], CultureInfo.InvariantCulture), Convert.ToBoolean(reader[3], CultureInfo.InvariantCulture), position.Spool, position.Sequence));
            },
            cancellationToken,
            conditions.Values);
    }

    /// <summary>
    /// One line for each bucket that has readings. What is graded bad is in no figure. A bucket begins where Unix time shifted by
    /// <paramref name="zoneMs"/> is a multiple of <paramref name="everyMs"/>, so that a day may be a local one.
    /// </summary>
    public static async Task<IReadOnlyList<Bucket>> BucketsAsync(IStoreReader store, StreamFilter filter, long fromMs, long toMs, long everyMs, long zoneMs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        var conditions = Range(store, filter, fromMs, toMs).Add("quality < 128").Add("value IS NOT NULL");
        var (every, zone) = (everyMs.ToString(CultureInfo.InvariantCulture), zoneMs.ToString(CultureInfo.InvariantCulture));
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await transaction.QueryAsync(
            $"""
            SELECT bucket, min(value), avg(value), max(value), count(*), max(newest) FROM (
                SELECT bucket, value, first_value(value) OVER (PARTITION BY bucket ORDER BY ms DESC, sequence DESC) AS newest FROM (
                    SELECT ({store.TimeMs} + {zone}) / {every} AS bucket, {store.TimeMs} AS ms, value, sequence FROM reading WHERE {conditions.Text}) r) b
            GROUP BY bucket ORDER BY bucket
            """,
            reader => Read(reader, everyMs, zoneMs),
            cancellationToken,
            conditions.Values);
    }

    static Bucket Read(DbDataReader reader, long everyMs, long zoneMs) => new(
        UtcText.Of((Convert.ToInt64(reader[0], CultureInfo.InvariantCulture) * everyMs) - zoneMs),
        reader.GetDouble(1),
        reader.GetDouble(2),
        reader.GetDouble(3),
        reader.GetInt64(4),
        reader.GetDouble(5));

    internal static Conditions Range(IStoreReader store, StreamFilter filter, long fromMs, long toMs)
    {
        var conditions = filter.Conditions("gateway", "", "area").Add($"{store.TimeColumn} >= {{0}}", store.Time(fromMs)).Add($"{store.TimeColumn} < {{0}}", store.Time(toMs));
        return store.HourColumn is { } hour ? conditions.Add($"{hour} >= {{0}}", store.Time(fromMs - (fromMs % HourMs))).Add($"{hour} < {{0}}", store.Time(toMs)) : conditions;
    }
}
