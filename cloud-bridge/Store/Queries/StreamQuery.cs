using System.Data.Common;
using System.Globalization;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>Streams with their newest value, in the order of gateway, sensor and quantity.</summary>
public static class StreamQuery
{
    /// <summary>A stream whose description changed has a row for each; of them the one with the newest reading counts.</summary>
    const int RowsPerStream = 4;

    internal const string Described = "g.id, s.sensor, s.quantity, s.unit, s.site, s.area, CASE s.class WHEN 1 THEN 'urgent' ELSE 'normal' END, s.classification, s.model, s.topic, s.first_seen";

    /// <param name="after">Only those behind this one.</param>
    /// <returns>At most <paramref name="countMax"/>, and whether there are more.</returns>
    public static async Task<(IReadOnlyList<StreamInfo> Streams, bool More)> ReadAsync(IStoreReader store, StreamFilter filter, StreamId? after, bool onlyWithValue, int countMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        var rowsMax = (countMax + 1) * RowsPerStream;
        var conditions = filter.Conditions("g.id", "s.", "s.area").Add("s.class <> 3");
        if (onlyWithValue)
            conditions.Add("l.time IS NOT NULL");
        if (after is { } last)
            conditions.Add("(g.id, s.sensor, s.quantity) > ({0}, {1}, {2})", last.Gateway, last.Sensor, last.Quantity);
        await using var transaction = await store.BeginAsync(cancellationToken);
        var rows = await transaction.QueryAsync(
            $"""
            SELECT {Described},
                l.time, l.value, l.quality, l.historical, p.id, l.sequence
            FROM stream s JOIN gateway g ON g.key = s.gateway LEFT JOIN latest l ON l.topic = s.topic AND l.stream = s.key LEFT JOIN spool p ON p.key = l.spool
            WHERE {conditions.Text} ORDER BY g.id, s.sensor, s.quantity, coalesce(l.time, 0), s.key LIMIT {rowsMax.ToString(CultureInfo.InvariantCulture)}
            """,
            reader => Read(reader, reader.IsDBNull(11) ? null : ReadingInfo.Of(reader.GetInt64(11), reader.IsDBNull(12) ? null : reader.GetDouble(12), (int)reader.GetInt64(13), reader.GetInt64(14) != 0, SpoolId.Read((byte[])reader[15]).ToString(), reader.GetInt64(16))),
            cancellationToken,
            conditions.Values);
        var streams = new List<StreamInfo>();
        foreach (var row in rows)
            if (streams.Count > 0 && streams[^1].Id == row.Id)
                streams[^1] = row;
            else
                streams.Add(row);
        // The rows of the last one may go on behind the limit.
        var more = rows.Count == rowsMax && streams.Count > 1;
        if (more)
            streams.RemoveAt(streams.Count - 1);
        return streams.Count > countMax ? (streams[..countMax], true) : (streams, more);
    }

    /// <summary>A row that begins with <see cref="Described"/>.</summary>
    internal static StreamInfo Read(DbDataReader reader, ReadingInfo? latest) => new(
        new StreamId(reader.GetString(0), reader.GetString(1), reader.GetString(2)).ToString(),
        reader.GetString(0),
        reader.GetString(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.GetString(4),
        reader.GetString(5),
        reader.GetString(6),
        reader.GetString(7),
        reader.GetString(8),
        reader.GetString(9),
        UtcText.Of(reader.GetInt64(10)),
        latest);
}
