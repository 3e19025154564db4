using System.Globalization;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>What the store knows of each box, in the order of their ids.</summary>
public static class GatewayQuery
{
    // A box stands where its newest reading came from; its older rows keep the place of their time. Both joins are by key.
    internal const string Placed =
        """
        (SELECT g.key, g.id, coalesce((SELECT s.area FROM stream s LEFT JOIN latest l ON l.topic = s.topic AND l.stream = s.key WHERE s.gateway = g.key
            ORDER BY coalesce(l.time, 0) DESC, s.key DESC LIMIT 1), '') AS area FROM gateway g)
        """;

    /// <param name="after">Only those behind this id.</param>
    public static async Task<IReadOnlyList<GatewayRow>> ReadAsync(IStoreReader store, StreamFilter filter, string after, int countMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        var conditions = new Conditions().Within("v.area", filter.Scope).Within("v.area", filter.Area).Is("v.id", filter.Gateway);
        if (after.Length > 0)
            conditions.Add("v.id > {0}", after);
        if (filter.Search.Length > 0)
            conditions.Contains(filter.Search, "v.id", "v.area", "(SELECT coalesce(max(s.site), '') FROM stream s WHERE s.gateway = v.key)");
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await transaction.QueryAsync(
            $"""
            SELECT v.id, v.area,
                (SELECT coalesce(max(s.site), '') FROM stream s WHERE s.gateway = v.key AND s.area = v.area),
                (SELECT max(p.last_seen) FROM spool p WHERE p.gateway = v.key),
                (SELECT max(l.time) FROM stream s JOIN latest l ON l.topic = s.topic AND l.stream = s.key WHERE s.gateway = v.key),
                (SELECT count(*) FROM books_cut c WHERE c.gateway = v.key),
                (SELECT count(*) FROM books_cut c WHERE c.gateway = v.key AND c.state = 0),
                (SELECT count(*) FROM books_cut c WHERE c.gateway = v.key AND c.state = 2),
                (SELECT coalesce(sum(r.last - r.first + 1), 0) FROM spool p JOIN ledger_range r ON r.spool = p.key WHERE p.gateway = v.key AND r.state = 3),
                (SELECT coalesce(sum(p.head), 0) FROM spool p WHERE p.gateway = v.key),
                (SELECT coalesce(sum(CASE WHEN r.last > p.head THEN p.head ELSE r.last END - r.first + 1), 0) FROM spool p JOIN ledger_range r ON r.spool = p.key WHERE p.gateway = v.key AND r.first <= p.head)
            FROM {Placed} v WHERE {conditions.Text} ORDER BY v.id LIMIT {countMax.ToString(CultureInfo.InvariantCulture)}
            """,
            reader =>
            {
                long Number(int column) => Convert.ToInt64(reader[column], CultureInfo.InvariantCulture);
                return new GatewayRow(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : Number(3), reader.IsDBNull(4) ? null : Number(4), Number(5), Number(6), Number(7), Number(8), Math.Max(0, Number(9) - Number(10)));
            },
            cancellationToken,
            conditions.Values);
    }
}
