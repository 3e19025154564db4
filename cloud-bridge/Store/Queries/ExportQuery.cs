using System.Globalization;
using System.Runtime.CompilerServices;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>
/// Every reading of many streams, stream by stream in time order. Each page is a question of its own, so that a slow reader of a long file
/// holds no transaction open; a stored reading never changes, so the pages fit together.
/// </summary>
public static class ExportQuery
{
    const int RowsPerPage = 10_000;
    const int StreamsPerPage = 1000;

    public static async IAsyncEnumerable<IReadOnlyList<ExportRow>> ReadAsync(IStoreReader store, StreamFilter filter, long fromMs, long toMs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        StreamId? after = null;
        while (true)
        {
            var (streams, more) = await StreamQuery.ReadAsync(store, filter, after, onlyWithValue: false, StreamsPerPage, cancellationToken);
            foreach (var stream in streams)
            {
                SeriesPosition? position = null;
                while (await PageAsync(store, filter with { Gateway = stream.Gateway, Sensor = stream.Sensor, Quantity = stream.Quantity, Search = "" }, fromMs, toMs, position, cancellationToken) is { Count: > 0 } rows)
                {
                    yield return rows;
                    if (rows.Count < RowsPerPage)
                        break;
                    position = new SeriesPosition(rows[^1].TimeMs, rows[^1].Spool, rows[^1].Sequence);
                }
            }

            if (!more)
                yield break;
            after = StreamId.TryParse(streams[^1].Id);
        }
    }

    static async Task<IReadOnlyList<ExportRow>> PageAsync(IStoreReader store, StreamFilter filter, long fromMs, long toMs, SeriesPosition? after, CancellationToken cancellationToken)
    {
        var conditions = SeriesQuery.Range(store, filter, Math.Max(fromMs, after?.TimeMs ?? fromMs), toMs);
        if (after is not null)
            conditions.Add($"({store.TimeColumn}, spool, sequence) > ({{0}}, {{1}}, {{2}})", store.Time(after.TimeMs), after.Spool, after.Sequence);
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await transaction.QueryAsync(
            $"SELECT gateway, sensor, quantity, unit, site, area, class, classification, {store.TimeMs}, value, quality, grade, spool, sequence, historical FROM reading WHERE {conditions.Text} ORDER BY {store.TimeColumn}, spool, sequence LIMIT {RowsPerPage.ToString(CultureInfo.InvariantCulture)}",
            reader => new ExportRow(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetString(7),
                reader.GetInt64(8), reader.IsDBNull(9) ? null : reader.GetDouble(9), Convert.ToInt32(reader[10], CultureInfo.InvariantCulture), reader.GetString(11), reader.GetString(12), reader.GetInt64(13), Convert.ToBoolean(reader[14], CultureInfo.InvariantCulture)),
            cancellationToken,
            conditions.Values);
    }
}
