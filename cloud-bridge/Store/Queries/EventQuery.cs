using System.Globalization;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>Something a person must hear of.</summary>
/// <param name="Gateway">Empty when it is of no box.</param>
public sealed record EventInfo(long Id, string Time, string Kind, string Gateway, string Text);

/// <summary>The store's events, the newest first.</summary>
public static class EventQuery
{
    /// <param name="beforeId">Only older ones; <see cref="long.MaxValue"/> begins with the newest.</param>
    public static async Task<IReadOnlyList<EventInfo>> ReadAsync(IStoreReader store, StreamFilter filter, string kind, long fromMs, long toMs, long beforeId, int countMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        var conditions = new Conditions().Within("v.area", filter.Scope).Within("v.area", filter.Area).Is("e.gateway", filter.Gateway).Is("e.kind", kind)
            .Add("e.at >= {0}", fromMs).Add("e.at < {0}", toMs).Add("e.key < {0}", beforeId);
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await transaction.QueryAsync(
            $"SELECT e.key, e.at, e.kind, e.gateway, e.text FROM event e LEFT JOIN {GatewayQuery.Placed} v ON v.id = e.gateway WHERE {conditions.Text} ORDER BY e.key DESC LIMIT {countMax.ToString(CultureInfo.InvariantCulture)}",
            reader => new EventInfo(reader.GetInt64(0), UtcText.Of(reader.GetInt64(1)), reader.GetString(2), reader.GetString(3), reader.GetString(4)),
            cancellationToken,
            conditions.Values);
    }
}
