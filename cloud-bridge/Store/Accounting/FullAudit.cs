using System.Globalization;

namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>
/// The books of one gateway from its first cut to its last, every row counted anew: finds also what was changed in the database after a cut had
/// balanced. One pass over the gateway's rows, on a view of one moment, beside the running bridge.
/// </summary>
public static class FullAudit
{
    public static async Task<IReadOnlyList<string>> GatewaysAsync(IReadingStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var snapshot = await store.BeginSnapshotAsync(cancellationToken);
        return await snapshot.QueryAsync("SELECT id FROM gateway ORDER BY id", reader => reader.GetString(0), cancellationToken);
    }

    /// <summary>Also notes in the store which cuts differ, so that the running bridge tells of them.</summary>
    /// <returns>Null when the gateway is not known here.</returns>
    public static async Task<GatewayBooks?> RunAsync(IReadingStore store, string gateway, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var verdicts = new List<Verdict>();
        await using (var snapshot = await store.BeginSnapshotAsync(cancellationToken))
        {
            if (await snapshot.NumberAsync("SELECT key FROM gateway WHERE id = $1", cancellationToken, gateway) is not { } key)
                return null;
            var cuts = (await CutTable.OfAsync(snapshot, key, cancellationToken)).GroupBy(cut => cut.Spool).ToDictionary(group => group.Key, group => group.ToArray());
            var rows = await RowsAsync(snapshot, key, cuts, cancellationToken);
            var counter = new CityCounter(store, snapshot);
            foreach (var of in cuts.Values)
                for (var i = 0; i < of.Length; i++)
                {
                    var before = i == 0 ? Cut.Beginning(key, of[i].Spool) : of[i - 1];
                    var city = await counter.CountWithoutRowsAsync(before, of[i], cancellationToken);
                    foreach (var (stream, count) in rows.GetValueOrDefault(of[i]) ?? [])
                        city.Rows[stream] = count;
                    verdicts.Add(await Verdict.OfAsync(snapshot, before, of[i], city, cancellationToken));
                }
        }

        // One that is open now had been balanced before its records were taken out, or never was: the bridge looks at it in its turn.
        await Audit.SaveAsync(store, verdicts.Where(verdict => verdict.State != CutState.Open && verdict.State != verdict.Cut.State), now, cancellationToken);
        return GatewayBooks.Of(gateway, verdicts);
    }

    // Each row belongs to the first cut at or behind its sequence; what lies behind the last cut is not counted yet.
    static async Task<Dictionary<Cut, Dictionary<StreamName, long>>> RowsAsync(StoreTransaction snapshot, long gateway, Dictionary<Wire.SpoolId, Cut[]> cuts, CancellationToken cancellationToken)
    {
        var spools = (await snapshot.QueryAsync("SELECT key, id FROM spool WHERE gateway = $1", reader => (Key: reader.GetInt64(0), Id: Wire.SpoolId.Read((byte[])reader[1])), cancellationToken, gateway)).ToDictionary(spool => spool.Key, spool => cuts.GetValueOrDefault(spool.Id) ?? []);
        var ends = spools.ToDictionary(spool => spool.Key, spool => spool.Value.Select(cut => cut.LastSequence).ToArray());
        var streams = (await snapshot.QueryAsync("SELECT key, sensor, quantity FROM stream WHERE gateway = $1", reader => (Key: reader.GetInt64(0), Name: new StreamName(reader.GetString(1), reader.GetString(2))), cancellationToken, gateway)).ToDictionary(stream => stream.Key, stream => stream.Name);
        var rows = new Dictionary<Cut, Dictionary<StreamName, long>>(ReferenceEqualityComparer.Instance);
        await snapshot.ReadAsync(
            "SELECT stream, spool, sequence FROM stored_reading WHERE gateway = $1",
            reader =>
            {
                var (stream, spool, sequence) = (Number(reader[0]), Number(reader[1]), Number(reader[2]));
                var at = IndexAtOrAfter(ends.GetValueOrDefault(spool) ?? [], sequence);
                if (at is not { } index)
                    return Task.CompletedTask;
                var cut = spools[spool][index];
                if (!rows.TryGetValue(cut, out var counts))
                    rows.Add(cut, counts = []);
                counts[streams[stream]] = counts.GetValueOrDefault(streams[stream]) + 1;
                return Task.CompletedTask;
            },
            cancellationToken,
            gateway);
        return rows;
    }

    static int? IndexAtOrAfter(long[] ends, long sequence)
    {
        var (low, high) = (0, ends.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ends[middle] < sequence ? (middle + 1, high) : (low, middle);
        }

        return low < ends.Length ? low : null;
    }

    // INT in one engine, INTEGER of any width in the other.
    static long Number(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
