using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>One run of the ledger as a refill sees it.</summary>
/// <param name="FirstSequence">0 without a block; null when an older program committed the run and did not note it.</param>
/// <param name="FirstMs">Time of its first reading, or of its commit where that is not known.</param>
sealed record RefillRun(NumberRange Numbers, long? FirstSequence, long? LastSequence, long FirstMs, long LastMs)
{
    /// <summary>The runs with readings between two times. Unnoted neighbours go together: only their common readings are known.</summary>
    public static IReadOnlyList<RefillRun> Within(IReadOnlyList<RefillRun> runs, long fromMs, long toMs)
    {
        var chosen = new List<RefillRun>();
        for (var i = 0; i < runs.Count; i++)
        {
            var end = i + 1;
            while (runs[i].FirstSequence is null && end < runs.Count && runs[end].FirstSequence is null)
                end++;
            if (runs.Skip(i).Take(end - i).Any(run => run.FirstSequence != 0 && run.FirstMs <= toMs && run.LastMs >= fromMs))
                chosen.AddRange(runs[i].FirstSequence is null ? Noted(runs, i, end) : [runs[i]]);
            i = end - 1;
        }

        return chosen;
    }

    // Sequences are dense by number: what lies between the noted runs on both sides is theirs.
    static IEnumerable<RefillRun> Noted(IReadOnlyList<RefillRun> runs, int start, int end)
    {
        var before = runs.Take(start).LastOrDefault(run => run.LastSequence > 0)?.LastSequence ?? 0;
        var after = runs.Skip(end).FirstOrDefault(run => run.FirstSequence > 0)?.FirstSequence ?? long.MaxValue;
        return runs.Skip(start).Take(end - start).Select(run => run with { FirstSequence = before + 1, LastSequence = after - 1 });
    }
}
