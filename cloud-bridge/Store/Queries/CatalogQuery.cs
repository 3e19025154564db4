using System.Globalization;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>
/// Streams as their boxes describe them. The record is the truth, and all of them are kept: one is in force from the time of the first
/// reading that was recorded behind it until that of the next record of the same box. While the city has no dated reading of it, from
/// when the city first heard of its spool.
/// </summary>
public static class CatalogQuery
{
    /// <summary>As of today: every stream there is or was, with the words of its box's newest catalog where that still has it.</summary>
    /// <param name="after">Only those behind this one.</param>
    public static async Task<(IReadOnlyList<StreamDescription> Streams, bool More)> NowAsync(IStoreReader store, StreamFilter filter, StreamId? after, int countMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (streams, more) = await StreamQuery.ReadAsync(store, filter, after, onlyWithValue: false, countMax, cancellationToken);
        await using var transaction = await store.BeginAsync(cancellationToken);
        return (await DescribeAsync(transaction, streams, long.MaxValue, cancellationToken), more);
    }

    /// <summary>As of a time: the streams that the catalogs in force then name, in their words.</summary>
    /// <param name="after">Only rows behind this one of the stream with this id.</param>
    /// <returns>The streams of at most <paramref name="rowsMax"/> descriptions, and the last of these when there are more.</returns>
    public static async Task<(IReadOnlyList<StreamDescription> Streams, (string Id, long Row)? Next)> AtAsync(IStoreReader store, StreamFilter filter, long atMs, (StreamId Id, long Row)? after, int rowsMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        var conditions = filter.Conditions("g.id", "s.", "s.area").Add("s.class <> 3");
        if (after is { } last)
            conditions.Add("(g.id, s.sensor, s.quantity, s.key) > ({0}, {1}, {2}, {3})", last.Id.Gateway, last.Id.Sensor, last.Id.Quantity, last.Row);
        await using var transaction = await store.BeginAsync(cancellationToken);
        var rows = await transaction.QueryAsync(
            $"SELECT {StreamQuery.Described}, s.key FROM stream s JOIN gateway g ON g.key = s.gateway WHERE {conditions.Text} ORDER BY g.id, s.sensor, s.quantity, s.key LIMIT {(rowsMax + 1).ToString(CultureInfo.InvariantCulture)}",
            reader => (Stream: StreamQuery.Read(reader, null), Row: reader.GetInt64(11)),
            cancellationToken,
            conditions.Values);
        var page = rows.Take(rowsMax).ToList();
        var described = await DescribeAsync(transaction, page.Select(row => row.Stream), atMs, cancellationToken);
        return ([.. described.Where(stream => stream.Words is not null)], rows.Count > rowsMax ? (page[^1].Stream.Id, page[^1].Row) : null);
    }

    // The streams come box by box.
    static async Task<List<StreamDescription>> DescribeAsync(StoreTransaction transaction, IEnumerable<StreamInfo> streams, long atMs, CancellationToken cancellationToken)
    {
        var described = new List<StreamDescription>();
        foreach (var box in streams.GroupBy(stream => stream.Gateway))
        {
            var catalog = await InForceAsync(transaction, box.Key, atMs, cancellationToken);
            var named = new Dictionary<(string Sensor, string Quantity), Wire.Proto.Stream>();
            foreach (var stream in catalog?.Streams ?? [])
                named.TryAdd((stream.Sensor, stream.Quantity), stream);
            foreach (var stream in box)
                described.Add(catalog is not null && named.TryGetValue((stream.Sensor, stream.Quantity), out var words) && IsOf(stream, catalog, words) ? new StreamDescription(stream, catalog, words) : new StreamDescription(stream, null, null));
        }

        return described;
    }

    static async Task<Wire.Proto.Catalog?> InForceAsync(StoreTransaction transaction, string gateway, long atMs, CancellationToken cancellationToken)
    {
        var newest = await transaction.QueryAsync(
            """
            SELECT x.bytes FROM (SELECT c.bytes, c.spool, c.number, coalesce((SELECT h.first_time FROM record_hash h WHERE h.spool = c.spool AND h.last >= c.number AND h.first_time IS NOT NULL ORDER BY h.first LIMIT 1), p.first_seen) AS since
                FROM spool p JOIN gateway g ON g.key = p.gateway JOIN side_record c ON c.spool = p.key WHERE g.id = $1 AND c.kind = $2) x
            WHERE x.since <= $3 ORDER BY x.since DESC, x.spool DESC, x.number DESC LIMIT 1
            """,
            reader => (byte[])reader[0],
            cancellationToken,
            gateway,
            CatalogTable.CatalogKind,
            atMs);
        return newest.Count == 0 ? null : RecordCodec.TryDecode(newest[0], out _)?.Catalog;
    }

    // A row of the store is one description. Another place or unit is another row, and another area another reader's.
    static bool IsOf(StreamInfo row, Wire.Proto.Catalog catalog, Wire.Proto.Stream stream) =>
        (row.Unit, row.Area, row.Classification, row.Model) == (stream.Unit, catalog.Area, stream.Classification, stream.Model)
        && row.Site == (stream.Site.Length > 0 ? stream.Site : catalog.Site)
        && row.Class == (stream.SpoolClass == Wire.Proto.SpoolClass.Urgent ? "urgent" : "normal");
}
