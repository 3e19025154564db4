using System.Globalization;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>What is not there, and why, spool by spool: the ledger's holes, its tombstoned ranges and its records set aside.</summary>
public static class GapQuery
{
    /// <summary>Gaps of the spools behind key <paramref name="afterSpool"/>, at most <paramref name="spoolsMax"/> spools that have any.</summary>
    /// <returns>The gaps, and the key of the last spool when there may be more.</returns>
    public static async Task<(IReadOnlyList<GapInfo> Gaps, long? Next)> ReadAsync(IStoreReader store, StreamFilter filter, long afterSpool, int spoolsMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        var conditions = new Conditions().Within("v.area", filter.Scope).Within("v.area", filter.Area).Is("v.id", filter.Gateway).Add("p.key > {0}", afterSpool);
        await using var transaction = await store.BeginAsync(cancellationToken);
        var spools = await transaction.QueryAsync(
            $"""
            SELECT p.key, p.id, p.head, v.id, v.key FROM spool p JOIN {GatewayQuery.Placed} v ON v.key = p.gateway
            WHERE {conditions.Text} AND (EXISTS (SELECT 1 FROM ledger_range r WHERE r.spool = p.key AND r.state <> 1)
                OR p.head > coalesce((SELECT sum(CASE WHEN r.last > p.head THEN p.head ELSE r.last END - r.first + 1) FROM ledger_range r WHERE r.spool = p.key AND r.first <= p.head), 0))
            ORDER BY p.key LIMIT {spoolsMax.ToString(CultureInfo.InvariantCulture)}
            """,
            reader => (Key: reader.GetInt64(0), Id: SpoolId.Read((byte[])reader[1]), Head: (ulong)reader.GetInt64(2), Gateway: reader.GetString(3), GatewayKey: reader.GetInt64(4)),
            cancellationToken,
            conditions.Values);
        var gaps = new List<GapInfo>();
        foreach (var spool in spools)
        {
            var ledger = await LedgerTable.LoadAsync(transaction, spool.Key, cancellationToken);
            var missing = spool.Head == 0 ? [] : ledger.MissingOf([new NumberRange(1, spool.Head)]);
            foreach (var (kind, ranges) in new[] { ("missing", (IEnumerable<NumberRange>)missing), ("lost", ledger.Tombstoned), ("set-aside", ledger.SetAside) })
                foreach (var range in ranges)
                    gaps.Add(await OfAsync(transaction, spool.Gateway, spool.GatewayKey, spool.Key, spool.Id, kind, range, cancellationToken));
        }

        return (gaps, spools.Count == spoolsMax ? spools[^1].Key : null);
    }

    static async Task<GapInfo> OfAsync(StoreTransaction transaction, string gateway, long gatewayKey, long spool, SpoolId id, string kind, NumberRange range, CancellationToken cancellationToken)
    {
        var after = await transaction.NumberAsync("SELECT max(last_time) FROM record_hash WHERE spool = $1 AND last < $2", cancellationToken, spool, (long)range.First);
        var before = await transaction.NumberAsync("SELECT min(first_time) FROM record_hash WHERE spool = $1 AND first > $2", cancellationToken, spool, (long)range.Last);
        var reason = kind switch
        {
            "set-aside" => (await transaction.QueryAsync("SELECT reason FROM set_aside WHERE spool = $1 AND number = $2", reader => reader.GetString(0), cancellationToken, spool, (long)range.First)).FirstOrDefault(),
            _ => null,
        };
        Dictionary<string, long>? readings = null;
        if (kind == "lost")
            (reason, readings) = await BuriedAsync(transaction, gatewayKey, id, range, cancellationToken);
        return new GapInfo(gateway, id.ToString(), kind, (long)range.First, (long)range.Last, reason, after is { } a ? UtcText.Of(a) : null, before is { } b ? UtcText.Of(b) : null, readings);
    }

    // Several tombstones may stand for one range; where they differ, the reasons stand side by side.
    static async Task<(string? Reason, Dictionary<string, long>? Readings)> BuriedAsync(StoreTransaction transaction, long gateway, SpoolId about, NumberRange range, CancellationToken cancellationToken)
    {
        var (reasons, readings) = (new SortedSet<string>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal));
        foreach (var bytes in await transaction.QueryAsync("SELECT s.bytes FROM side_record s JOIN spool p ON p.key = s.spool WHERE p.gateway = $1 AND s.kind = 'tombstone'", reader => (byte[])reader[0], cancellationToken, gateway))
        {
            if (RecordCodec.TryDecode(bytes, out _)?.Tombstone is not { } tombstone || !tombstone.Spool.Span.SequenceEqual(about.ToByteArray()) || tombstone.LastNumber < range.First || tombstone.FirstNumber > range.Last)
                continue;
            reasons.Add(Word(tombstone.Reason));
            foreach (var count in tombstone.Counts)
                readings[$"{count.Sensor}/{count.Quantity}"] = readings.GetValueOrDefault($"{count.Sensor}/{count.Quantity}") + (long)count.Count;
        }

        return (reasons.Count == 0 ? null : string.Join(", ", reasons), readings.Count == 0 ? null : readings);
    }

    static string Word(TombstoneReason reason) => reason switch
    {
        TombstoneReason.Thinned => "thinned",
        TombstoneReason.Dropped => "dropped",
        TombstoneReason.Damaged => "damaged",
        TombstoneReason.EvictedAfterAck => "evicted-after-ack",
        _ => "unknown",
    };
}
