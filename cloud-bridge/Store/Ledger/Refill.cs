using EdgeHub.CloudBridge.Store.Accounting;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Upkeep;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>
/// Takes a time range of one gateway out of ledger and rows, in one transaction, as if it had never come. The box's next status calls
/// the records acked, the store lacks them, and <c>missing</c> does the rest: the box sends them again, or answers that it no longer has them.
/// </summary>
/// <remarks>
/// A record is all or nothing and the ledger keeps records in runs of one commit, so whole runs go: a little more than was asked for.
/// Catalogs and clocks stay, since rows that come again need them; city topics stay, since their values only move forward.
/// </remarks>
public static class Refill
{
    /// <returns>How many records and rows went; null when the gateway is not known here.</returns>
    public static async Task<(long Records, long Rows)?> RunAsync(IReadingStore store, string gateway, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var transaction = await store.BeginAsync(cancellationToken);
        await store.HoldRowsAsync(transaction, cancellationToken);
        if (await transaction.NumberAsync("SELECT key FROM gateway WHERE id = $1", cancellationToken, gateway) is not { } key)
            return null;
        var spools = await transaction.QueryAsync("SELECT key FROM spool WHERE gateway = $1 ORDER BY key" + transaction.LockRows, reader => reader.GetInt64(0), cancellationToken, key);
        long records = 0, rows = 0;
        foreach (var spool in spools)
        {
            var runs = RefillRun.Within(await RunsAsync(transaction, spool, cancellationToken), from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
            runs = await KeptAsync(transaction, spool, runs, cancellationToken);
            if (runs.Count == 0)
                continue;
            var (gone, deleted) = await ForgetAsync(store, transaction, spool, runs, cancellationToken);
            await CutTable.ReopenAsync(transaction, spool, now.ToUnixTimeMilliseconds(), cancellationToken);
            (records, rows) = (records + gone, rows + deleted);
        }

        await KeptTable.AddEventAsync(transaction, new StoreEvent(StoreEvent.Refill, gateway, $"{records} records and {rows} rows between {from:O} and {to:O} were taken out to be sent again.", default), now.ToUnixTimeMilliseconds(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (records, rows);
    }

    static Task<List<RefillRun>> RunsAsync(StoreTransaction transaction, long spool, CancellationToken cancellationToken) => transaction.QueryAsync(
        "SELECT first, last, first_sequence, last_sequence, coalesce(first_time, committed), coalesce(last_time, committed) FROM record_hash WHERE spool = $1 ORDER BY first",
        reader => new RefillRun(new NumberRange((ulong)reader.GetInt64(0), (ulong)reader.GetInt64(1)), reader.IsDBNull(2) ? null : reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)),
        cancellationToken,
        spool);

    // What retention has removed would come only to be removed again, and the books would not know how often.
    static async Task<IReadOnlyList<RefillRun>> KeptAsync(StoreTransaction transaction, long spool, IReadOnlyList<RefillRun> runs, CancellationToken cancellationToken)
    {
        var kept = new List<RefillRun>();
        foreach (var run in runs)
            if (run is not { FirstSequence: > 0 and var first, LastSequence: { } last } || (await RemovedTable.WithinAsync(transaction, spool, first - 1, last, cancellationToken)).Count == 0)
                kept.Add(run);
        return kept;
    }

    static async Task<(long Records, long Rows)> ForgetAsync(IReadingStore store, StoreTransaction transaction, long spool, IReadOnlyList<RefillRun> runs, CancellationToken cancellationToken)
    {
        var ledger = await LedgerTable.LoadAsync(transaction, spool, cancellationToken);
        var before = ledger.Rows().ToHashSet();
        var sequences = new RangeSet();
        long records = 0, rows = 0;
        foreach (var run in runs)
        {
            ledger.Forget(run.Numbers);
            records += (long)run.Numbers.Count;
            if (run is { FirstSequence: > 0 and var first, LastSequence: { } last })
                sequences.Add(new NumberRange((ulong)first, (ulong)last));
            await transaction.ExecuteAsync("DELETE FROM record_hash WHERE spool = $1 AND first = $2", cancellationToken, spool, (long)run.Numbers.First);
            foreach (var table in new[] { "parked", "set_aside" })
                await transaction.ExecuteAsync($"DELETE FROM {table} WHERE spool = $1 AND number BETWEEN $2 AND $3", cancellationToken, spool, (long)run.Numbers.First, (long)run.Numbers.Last);
        }

        foreach (var range in sequences)
        {
            await store.UnpackAsync(transaction, spool, (long)range.First, (long)range.Last, cancellationToken);
            rows += await transaction.ExecuteAsync("DELETE FROM reading_row WHERE spool = $1 AND sequence BETWEEN $2 AND $3", cancellationToken, spool, (long)range.First, (long)range.Last);
        }

        await LedgerTable.SaveAsync(transaction, spool, before, ledger, cancellationToken);
        await transaction.ExecuteAsync("UPDATE spool SET records = records - $2, readings = readings - $3 WHERE key = $1", cancellationToken, spool, records, rows);
        return (records, rows);
    }
}
