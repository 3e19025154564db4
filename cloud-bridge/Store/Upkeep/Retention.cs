namespace EdgeHub.CloudBridge.Store.Upkeep;

/// <summary>
/// Removes readings that are older than they are to be kept, hour by hour, each hour in one transaction with the count of what went. Ledger, catalogs,
/// books and city topics stay: a box that sends such a record again is told that it is stored.
/// </summary>
public static class Retention
{
    const long HourMs = 3_600_000;

    /// <summary>Removes what lies in UTC days wholly before <paramref name="before"/>.</summary>
    public static async Task<long> RunAsync(IReadingStore store, DateTimeOffset before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var endMs = new DateTimeOffset(before.UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds();
        long readings = 0;
        while (await RemoveOldestHourAsync(store, endMs, now.ToUnixTimeMilliseconds(), cancellationToken) is { } gone)
            readings += gone;
        return readings;
    }

    static async Task<long?> RemoveOldestHourAsync(IReadingStore store, long endMs, long nowMs, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginAsync(cancellationToken);
        await store.HoldRowsAsync(transaction, cancellationToken);
        if (await store.OldestAsync(transaction, endMs, cancellationToken) is not { } oldest)
            return null;
        var from = oldest - (oldest % HourMs);
        var gone = new Dictionary<(long Spool, long Stream), List<long>>();
        await store.RemoveAsync(
            transaction,
            from,
            from + HourMs,
            (spool, stream, sequence) =>
            {
                if (!gone.TryGetValue((spool, stream), out var sequences))
                    gone.Add((spool, stream), sequences = []);
                sequences.Add(sequence);
            },
            cancellationToken);
        var cuts = new Dictionary<long, List<long>>();
        foreach (var ((spool, stream), sequences) in gone)
        {
            if (!cuts.TryGetValue(spool, out var ends))
                cuts.Add(spool, ends = await RemovedTable.CutsAsync(transaction, spool, cancellationToken));
            sequences.Sort();
            foreach (var run in Runs(sequences, ends))
                await RemovedTable.AddAsync(transaction, spool, stream, run[0], run[^1], run.Count, nowMs, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return gone.Values.Sum(sequences => (long)sequences.Count);
    }

    // Both ascending. A run ends with the last sequence at or before a cut.
    static IEnumerable<ArraySegment<long>> Runs(List<long> sequences, List<long> ends)
    {
        var all = sequences.ToArray();
        for (int start = 0, cut = 0; start < all.Length;)
        {
            while (cut < ends.Count && ends[cut] < all[start])
                cut++;
            var end = start + 1;
            while (end < all.Length && (cut == ends.Count || all[end] <= ends[cut]))
                end++;
            yield return new ArraySegment<long>(all, start, end - start);
            start = end;
        }
    }
}
