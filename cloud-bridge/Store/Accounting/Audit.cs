using EdgeHub.CloudBridge.Store.Kept;

namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>
/// Compares what boxes say they recorded with what became of it here, cut by cut. A cut is looked at until it balances: while records are
/// on their way it is open, and that is no alarm.
/// </summary>
public static class Audit
{
    /// <summary>The longest until a cut that did not balance is looked at again.</summary>
    static readonly TimeSpan AgainMax = TimeSpan.FromHours(1);

    static readonly TimeSpan AgainMin = TimeSpan.FromSeconds(15);

    /// <summary>Judges the cuts that are due.</summary>
    /// <returns>How many were due, and what is new about them: a difference that was not known, or one that is gone.</returns>
    public static async Task<(int Judged, IReadOnlyList<Verdict> News)> RunDueAsync(IReadingStore store, DateTimeOffset now, int cutsMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var verdicts = new List<Verdict>();
        await using (var snapshot = await store.BeginSnapshotAsync(cancellationToken))
        {
            var counter = new CityCounter(store, snapshot);
            foreach (var cut in await CutTable.DueAsync(snapshot, now.ToUnixTimeMilliseconds(), cutsMax, cancellationToken))
            {
                var before = await CutTable.BeforeAsync(snapshot, cut, cancellationToken);
                var city = await counter.CountWithoutRowsAsync(before, cut, cancellationToken);
                if (city.Missing == 0)
                    await counter.CountRowsAsync(city, before, cut, cancellationToken);
                verdicts.Add(await Verdict.OfAsync(snapshot, before, cut, city, cancellationToken));
            }
        }

        return (verdicts.Count, verdicts.Count == 0 ? [] : await SaveAsync(store, verdicts, now, cancellationToken));
    }

    /// <summary>Notes verdicts; those that change what was known become events.</summary>
    internal static async Task<IReadOnlyList<Verdict>> SaveAsync(IReadingStore store, IEnumerable<Verdict> verdicts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var news = new List<Verdict>();
        await using var transaction = await store.BeginAsync(cancellationToken);
        foreach (var verdict in verdicts)
        {
            var nowMs = now.ToUnixTimeMilliseconds();
            var wait = Math.Clamp(nowMs - verdict.Cut.AtMs, (long)AgainMin.TotalMilliseconds, (long)AgainMax.TotalMilliseconds);
            if (!await CutTable.SaveAsync(transaction, verdict.Cut, verdict.State, verdict.Text, nowMs + wait, cancellationToken))
                continue;
            var isNew = verdict.State == CutState.Differs != (verdict.Cut.State == CutState.Differs);
            if (!isNew)
                continue;
            news.Add(verdict);
            if (verdict.State == CutState.Differs)
                await KeptTable.AddEventAsync(transaction, new StoreEvent(StoreEvent.BooksDiffer, verdict.Gateway, verdict.Sentence, default), nowMs, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return news;
    }

    /// <summary>Cuts that differ, and cuts of which records are still on their way.</summary>
    public static async Task<(long Differing, long Open)> CountAsync(IReadingStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var snapshot = await store.BeginSnapshotAsync(cancellationToken);
        return (await CutTable.CountAsync(snapshot, CutState.Differs, cancellationToken), await CutTable.CountAsync(snapshot, CutState.Open, cancellationToken));
    }
}
