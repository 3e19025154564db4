using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.CloudBridge.Store.Upkeep;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>
/// Counts the terms of one interval between two cuts, each by itself: the ledger says what has come, rows are counted as rows, blocks that
/// are no rows are decoded again. All in one transaction that sees one moment.
/// </summary>
sealed class CityCounter(IReadingStore store, StoreTransaction transaction)
{
    const long HourMs = 3_600_000;

    /// <summary>Everything but the rows, which whoever reads the whole table counts at once.</summary>
    public async Task<CityCount> CountWithoutRowsAsync(Cut before, Cut cut, CancellationToken cancellationToken)
    {
        var city = new CityCount();
        var numbers = new NumberRange((ulong)before.LastNumber + 1, (ulong)Math.Max(cut.LastNumber, before.LastNumber + 1));
        if (cut.LastNumber <= before.LastNumber)
            return city;
        if (await KeyAsync(cut, cancellationToken) is not { } spool)
        {
            city.Missing = numbers.Count;
            return city;
        }

        var ledger = await LedgerTable.LoadAsync(transaction, spool, cancellationToken);
        city.Missing = ledger.MissingOf([numbers]).Aggregate(0UL, (sum, gap) => sum + gap.Count);
        if (city.Missing > 0)
            return city;
        foreach (var (table, term) in new[] { ("parked", city.Parked), ("set_aside", city.SetAside) })
            foreach (var bytes in await transaction.QueryAsync($"SELECT bytes FROM {table} WHERE spool = $1 AND number BETWEEN $2 AND $3", reader => (byte[])reader[0], cancellationToken, spool, (long)numbers.First, (long)numbers.Last))
                Add(city, term, bytes, cut);
        var gone = new RangeSet(ledger.Tombstoned.SelectMany(range => new RangeSet([range]).Within(numbers)));
        if (!gone.IsEmpty)
            await BuriedCount.AddAsync(transaction, city, cut, gone, cancellationToken);
        foreach (var run in await RemovedTable.WithinAsync(transaction, spool, before.LastSequence, cut.LastSequence, cancellationToken))
            if (run.FirstSequence > before.LastSequence && run.LastSequence <= cut.LastSequence)
                city.Removed[run.Stream] = city.Removed.GetValueOrDefault(run.Stream) + run.Readings;
            else
                // The box told of this cut after the readings had been removed: how many of them lie before it nobody knows.
                city.IsPartlyUnknown = true;
        return city;
    }

    /// <summary>The rows of the interval, found by the times that the ledger noted of its records.</summary>
    public async Task CountRowsAsync(CityCount city, Cut before, Cut cut, CancellationToken cancellationToken)
    {
        if (await KeyAsync(cut, cancellationToken) is not { } spool || cut.LastSequence <= before.LastSequence)
            return;
        var (first, last) = await TimesAsync(spool, before.LastNumber + 1, cut.LastNumber, cancellationToken);
        List<object?> values = [cut.Gateway, spool, before.LastSequence, cut.LastSequence];
        var within = "";
        if (first is { } from && last is { } to)
        {
            within = "AND r.time >= $5 AND r.time <= $6 AND r.hour >= $7 AND r.hour <= $6";
            values.AddRange([store.RowTime(from), store.RowTime(to), store.RowTime(from - (from % HourMs))]);
        }

        var rows = await transaction.QueryAsync(
            $"SELECT r.sensor, r.quantity, count(*) FROM stored_reading r WHERE r.gateway = $1 AND r.spool = $2 AND r.sequence > $3 AND r.sequence <= $4 {within} GROUP BY r.sensor, r.quantity",
            reader => (Stream: new StreamName(reader.GetString(0), reader.GetString(1)), Count: reader.GetInt64(2)),
            cancellationToken,
            [.. values]);
        foreach (var (stream, count) in rows)
            city.Rows[stream] = count;
    }

    Task<long?> KeyAsync(Cut cut, CancellationToken cancellationToken) =>
        transaction.NumberAsync("SELECT key FROM spool WHERE gateway = $1 AND id = $2", cancellationToken, cut.Gateway, cut.Spool.ToByteArray());

    // Nothing where a run's times are not noted: by an older program, or because the boot's time was only bounded. Then every row of the streams is looked at.
    async Task<(long? First, long? Last)> TimesAsync(long spool, long firstNumber, long lastNumber, CancellationToken cancellationToken)
    {
        var runs = await transaction.QueryAsync(
            "SELECT first_sequence, first_time, last_time FROM record_hash WHERE spool = $1 AND first > $2 AND first <= $3 AND last >= $4",
            reader => (HasBlocks: reader.IsDBNull(0) || reader.GetInt64(0) > 0, First: reader.IsDBNull(1) ? (long?)null : reader.GetInt64(1), Last: reader.IsDBNull(2) ? (long?)null : reader.GetInt64(2)),
            cancellationToken,
            spool,
            firstNumber - LedgerTable.RecordsPerRunMax,
            lastNumber,
            firstNumber);
        return runs.Exists(run => run.HasBlocks && (run.First is null || run.Last is null)) ? (null, null) : (runs.Min(run => run.First), runs.Max(run => run.Last));
    }

    static void Add(CityCount city, Dictionary<StreamName, long> term, byte[] bytes, Cut cut)
    {
        var record = RecordCodec.TryDecode(bytes, out _);
        if (record is null)
        {
            city.IsPartlyUnknown = true;
            return;
        }

        if (record.Block is not { } block)
            return;
        var position = 0u;
        for (var i = 0; i < Math.Min(block.Stream.Count, block.Count.Count); i++)
        {
            position += block.Stream[i];
            if (position >= cut.Counts.Count)
            {
                city.IsPartlyUnknown = true;
                return;
            }

            var stream = new StreamName(cut.Counts[(int)position].Sensor, cut.Counts[(int)position].Quantity);
            term[stream] = term.GetValueOrDefault(stream) + block.Count[i];
        }
    }
}
