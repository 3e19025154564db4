using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>
/// What a box calls acked and this store does not have, after a backup was restored or the store was replaced: the box
/// takes such numbers back among the waiting, or answers with a tombstone.
/// </summary>
public static class MissingQuery
{
    /// <param name="look">Sees each spool of the status, the greatest number that is stored of it, and the time of the first readings that are stored behind its head.</param>
    public static async Task<IReadOnlyList<GatewayAck>> FindAsync(IReadingStore store, GatewayStatus status, CancellationToken cancellationToken, Action<SpoolStatus, ulong, long?>? look = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(status);
        var answers = new List<GatewayAck>();
        await using var transaction = await store.BeginAsync(cancellationToken);
        foreach (var spool in status.Spools)
        {
            var key = await LedgerTable.FindSpoolAsync(transaction, status.Gateway, spool.Spool, cancellationToken);
            var ledger = key is { } known ? await LedgerTable.LoadAsync(transaction, known, cancellationToken) : new SpoolLedger();
            look?.Invoke(spool, ledger.Head, ledger.Head > spool.Head ? await transaction.NumberAsync("SELECT min(first_time) FROM record_hash WHERE spool = $1 AND first > $2", cancellationToken, key, (long)spool.Head) : null);
            var missing = ledger.MissingOf(spool.Acked);
            // A box that was given another name: what it delivered under the old one is there, and must not come twice.
            foreach (var renamed in missing.Count == 0 ? [] : await LedgerTable.NamesakesAsync(transaction, spool.Spool, key, cancellationToken))
                missing = (await LedgerTable.LoadAsync(transaction, renamed, cancellationToken)).MissingOf(missing);
            if (missing.Count > 0)
                answers.Add(new GatewayAck(status.Gateway, new Ack(store.StoreId, spool.Spool, [], [], RecordHash.DigestOf([]), [.. missing.Take(WireLimits.RangesPerMessageMax)])));
        }

        return answers;
    }
}
