namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>The books of one gateway: what it recorded up to its last cuts, and what became of it.</summary>
/// <param name="Cuts">How many times the box said what it had recorded. 0: it never did, because it is of an older version or nothing of it has come.</param>
/// <param name="Open">Cuts before which records are still on their way; they are in no sum here.</param>
/// <param name="Unread">Values that were due and never recorded, as the box's last books of each spool say.</param>
public sealed record GatewayBooks(string Gateway, int Cuts, int Open, IReadOnlyList<StreamLine> Streams, IReadOnlyList<UnreadLine> Unread, IReadOnlyList<DifferenceLine> Differences)
{
    public bool Balances => Differences.Count == 0;

    internal static GatewayBooks Of(string gateway, IReadOnlyList<Verdict> verdicts)
    {
        var closed = verdicts.Where(verdict => verdict.State != CutState.Open).ToList();
        var streams = new SortedDictionary<string, StreamLine>(StringComparer.Ordinal);
        foreach (var verdict in closed)
        {
            var recorded = verdict.Cut.Since(verdict.Before);
            foreach (var stream in recorded.Keys.Concat(verdict.City.Streams).Distinct())
                if (recorded.GetValueOrDefault(stream) != 0 || verdict.City.Of(stream) != 0)
                    streams[stream.ToString()] = (streams.GetValueOrDefault(stream.ToString()) ?? new StreamLine(stream.Sensor, stream.Quantity, 0, 0, 0, 0, 0, 0)).With(recorded.GetValueOrDefault(stream), verdict.City, stream);
        }

        return new GatewayBooks(
            gateway,
            verdicts.Count,
            verdicts.Count - closed.Count,
            [.. streams.Values],
            [.. verdicts.GroupBy(verdict => verdict.Cut.Spool).SelectMany(spool => spool.LastOrDefault(verdict => verdict.Cut.Unread.Count > 0)?.Cut.Unread ?? [])
                .GroupBy(unread => (unread.Sensor, unread.Quantity, unread.Reason)).OrderBy(group => group.Key)
                .Select(group => new UnreadLine(group.Key.Sensor, group.Key.Quantity, group.Key.Reason, group.Sum(unread => (long)unread.Count)))],
            [.. closed.Where(verdict => verdict.State == CutState.Differs).Select(verdict => new DifferenceLine(verdict.Cut.Spool.ToString(), verdict.Before.LastNumber + 1, verdict.Cut.LastNumber, DateTimeOffset.FromUnixTimeMilliseconds(verdict.Cut.AtMs), verdict.Text))]);
    }
}

/// <summary>One stream over all cuts: recorded = stored + parked + set aside + tombstoned + removed, unless damage took the names of what is tombstoned.</summary>
public sealed record StreamLine(string Sensor, string Quantity, long Recorded, long Stored, long Parked, long SetAside, long Tombstoned, long Removed)
{
    public long Difference => Recorded - Stored - Parked - SetAside - Tombstoned - Removed;

    internal StreamLine With(long recorded, CityCount city, StreamName stream) => this with
    {
        Recorded = Recorded + recorded,
        Stored = Stored + city.Rows.GetValueOrDefault(stream),
        Parked = Parked + city.Parked.GetValueOrDefault(stream),
        SetAside = SetAside + city.SetAside.GetValueOrDefault(stream),
        Tombstoned = Tombstoned + city.Tombstoned.GetValueOrDefault(stream),
        Removed = Removed + city.Removed.GetValueOrDefault(stream),
    };
}

/// <param name="Reason"><c>timeout</c>, <c>crc</c>, <c>refused</c>, <c>off</c>, <c>late</c> or <c>overflow</c>.</param>
public sealed record UnreadLine(string Sensor, string Quantity, string Reason, long Count);

/// <summary>An interval of records whose books differ, and by what.</summary>
/// <param name="ToldAt">When the cut at its end arrived.</param>
public sealed record DifferenceLine(string Spool, long FirstNumber, long LastNumber, DateTimeOffset ToldAt, string Text);
