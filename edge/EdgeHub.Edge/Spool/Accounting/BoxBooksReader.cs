using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool.Accounting;

/// <summary>Puts the box's books together: of the spools that are written, the Recorder's counts beside the journal's; of those before, what their last books say.</summary>
sealed class BoxBooksReader(SpoolBook book, Accounts accounts, Closing closing, IReadOnlyList<SpoolState> ended, Diagnosis diagnosis)
{
    /// <param name="counts">The Recorder's; null while no Recorder runs.</param>
    public BoxBooks Read(string gateway, RecorderCounts? counts, IReadOnlyList<Unread> unread)
    {
        accounts.Turn();
        var health = diagnosis.Health;
        List<SpoolState> current;
        lock (book.Gate)
            current = [.. book.Current.Values.OrderBy(spool => spool.Class)];
        var spools = counts is null ? ended.Select(spool => Of(spool, Ended(spool))) : current.Select(spool => Of(spool, Live(spool, counts)));
        var all = spools.ToList();
        return new BoxBooks(
            gateway,
            all,
            health.RecordedReadings,
            health.WaitingReadings,
            health.TombstonedReadings,
            [.. unread.Select(one => new UnreadCount(one.Sensor, one.Quantity, one.Reason, one.Count))],
            accounts.Difference ?? all.SelectMany(spool => spool.Streams).Where(stream => stream is { Recorded: { } recorded, Journal: { } journal } && journal != recorded)
                .Select(stream => $"The books of {stream.Sensor}/{stream.Quantity} differ: {stream.Recorded} recorded, {stream.Journal} in the journal. Keep the data directory and report it.").FirstOrDefault());
    }

    SpoolBooks Of(SpoolState spool, IReadOnlyList<StreamBooks> streams)
    {
        lock (book.Gate)
            return new SpoolBooks(
                spool.Id.ToString(),
                spool.Class.ToString(),
                spool.Head,
                spool.Acked.Count,
                spool.SetAside.Count,
                spool.Tombstoned.Count,
                spool.Waiting().Aggregate(0UL, (sum, range) => sum + range.Count),
                streams);
    }

    List<StreamBooks> Live(SpoolState spool, RecorderCounts counts)
    {
        var journal = accounts.CountsOf(spool.Id);
        var streams = new List<StreamBooks>();
        var recorded = counts.Of(spool.Class);
        for (var i = 0; i < recorded.Count; i++)
            if (counts.Classes[i] == spool.Class)
                streams.Add(new StreamBooks(recorded[i].Sensor, recorded[i].Quantity, recorded[i].Count, i < journal.Count ? journal[i] : null));
        return streams;
    }

    // No Recorder runs: what the process before counted is in its last books, and the journal says what lies behind them.
    List<StreamBooks> Ended(SpoolState spool)
    {
        if (closing.Count(spool) is not var (tally, _))
            return [];
        return [.. tally.Counts.Where(one => one.Count > 0).Select(one => new StreamBooks(one.Sensor, one.Quantity, null, one.Count))];
    }
}
