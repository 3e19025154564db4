namespace EdgeHub.CloudBridge.Store.Postgres;

/// <summary>
/// Older days from rows into arrays. One transaction takes the rows of some streams of a day out and writes the same readings as hours; whatever
/// interrupts it, they are in one of the two shapes. What arrives for such a day later is a row at first and packed at the next turn.
/// </summary>
static class Compaction
{
    /// <summary>Readings of one transaction, unless one stream alone has more in a day.</summary>
    const long ReadingsMax = 100_000;

    /// <summary>Packs every day that ends at or before <paramref name="before"/>.</summary>
    public static async Task<long> RunAsync(PostgresStore store, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var end = DayPartitions.DayOf(before);
        List<DateTime> days;
        await using (var transaction = await store.BeginAsync(cancellationToken))
            days = await transaction.QueryAsync("SELECT DISTINCT date_trunc('day', time, 'UTC') FROM reading_row WHERE time < $1 ORDER BY 1", reader => reader.GetDateTime(0), cancellationToken, end);
        long readings = 0;
        foreach (var day in days)
            foreach (var (first, last) in await StreamsAsync(store, day, cancellationToken))
                readings += await PackAsync(store, day, first, last, cancellationToken);
        return readings;
    }

    static async Task<List<(long First, long Last)>> StreamsAsync(PostgresStore store, DateTime day, CancellationToken cancellationToken)
    {
        var ranges = new List<(long, long)>();
        long first = 0, last = 0, readings = 0;
        await using var transaction = await store.BeginAsync(cancellationToken);
        foreach (var (stream, count) in await transaction.QueryAsync("SELECT stream, count(*) FROM reading_row WHERE time >= $1 AND time < $2 GROUP BY stream ORDER BY stream", reader => ((long)reader.GetInt32(0), reader.GetInt64(1)), cancellationToken, day, day.AddDays(1)))
        {
            if (readings > 0 && readings + count > ReadingsMax)
            {
                ranges.Add((first, last));
                readings = 0;
            }

            first = readings == 0 ? stream : first;
            (last, readings) = (stream, readings + count);
        }

        if (readings > 0)
            ranges.Add((first, last));
        return ranges;
    }

    static async Task<long> PackAsync(PostgresStore store, DateTime day, long firstStream, long lastStream, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginAsync(cancellationToken);
        await HourTable.HoldAsync(transaction, cancellationToken);
        var rows = await HourTable.TakeRowsAsync(transaction, day, day.AddDays(1), firstStream, lastStream, cancellationToken);
        var hours = PackedHour.Pack(rows).ToList();
        if (hours.Sum(hour => (long)hour.Readings) != rows.Count)
            throw new InvalidOperationException($"{rows.Count} readings were taken out and {hours.Sum(hour => (long)hour.Readings)} packed; nothing was changed.");
        await HourTable.WriteAsync(transaction, hours, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows.Count;
    }
}
