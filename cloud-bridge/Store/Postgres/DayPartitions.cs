using System.Globalization;

namespace EdgeHub.CloudBridge.Store.Postgres;

/// <summary>
/// A partition of <c>reading_row</c> for each UTC day from yesterday to a week ahead, made in time; every other time falls into
/// <c>reading_row_rest</c>, so no reading ever waits for a partition. Old ones go once they are empty. A lock that readers hold for long is not
/// waited for: the next turn tries again, and a commit is never behind a queue.
/// </summary>
static class DayPartitions
{
    public const int DaysAhead = 7;

    const string Prefix = "reading_row_";
    const string DayFormat = "yyyyMMdd";

    public static DateTime DayOf(DateTimeOffset moment) => DateTime.SpecifyKind(moment.UtcDateTime.Date, DateTimeKind.Utc);

    public static async Task EnsureAsync(PostgresStore store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = (await NamesAsync(store, cancellationToken)).ToHashSet(StringComparer.Ordinal);
        for (var i = -1; i <= DaysAhead; i++)
            if (DayOf(now).AddDays(i) is var day && !known.Contains(NameOf(day)))
                await CreateAsync(store, day, cancellationToken);
    }

    /// <summary>Drops the partitions of days before yesterday that hold nothing any more.</summary>
    public static async Task DropEmptyAsync(PostgresStore store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var name in await NamesAsync(store, cancellationToken))
        {
            if (!DateTime.TryParseExact(name[Prefix.Length..], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day) || day >= DayOf(now).AddDays(-1))
                continue;
            await using var transaction = await BeginAsync(store, cancellationToken);
            if (await transaction.NumberAsync($"SELECT 1 FROM {name} LIMIT 1", cancellationToken) is not null)
                continue;
            // Nobody writes between this second look and the end.
            await transaction.ExecuteAsync("LOCK TABLE ONLY reading_row IN ACCESS EXCLUSIVE MODE", cancellationToken);
            if (await transaction.NumberAsync($"SELECT 1 FROM {name} LIMIT 1", cancellationToken) is not null)
                continue;
            await transaction.ExecuteAsync($"DROP TABLE {name}", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    static async Task<List<string>> NamesAsync(PostgresStore store, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await transaction.QueryAsync("SELECT c.relname::TEXT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'reading_row'::regclass ORDER BY 1", reader => reader.GetString(0), cancellationToken);
    }

    static async Task CreateAsync(PostgresStore store, DateTime day, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginAsync(store, cancellationToken);
        var name = NameOf(day);
        if (await transaction.NumberAsync("SELECT 1 WHERE to_regclass($1) IS NOT NULL", cancellationToken, name) is not null)
            return;
        await transaction.ExecuteAsync($"CREATE TABLE {name} (LIKE reading_row INCLUDING DEFAULTS INCLUDING CONSTRAINTS)", cancellationToken);
        // Rows of that day that came before it had a partition move along.
        await transaction.ExecuteAsync("LOCK TABLE reading_row_rest IN ACCESS EXCLUSIVE MODE", cancellationToken);
        await transaction.ExecuteAsync(
            $"""
            WITH moved AS (DELETE FROM reading_row_rest WHERE time >= $1 AND time < $2 RETURNING stream, time, value, quality, spool, sequence, historical, overheard)
            INSERT INTO {name} (stream, time, value, quality, spool, sequence, historical, overheard) SELECT * FROM moved
            """,
            cancellationToken,
            day,
            day.AddDays(1));
        await transaction.ExecuteAsync($"ALTER TABLE reading_row ATTACH PARTITION {name} FOR VALUES FROM ('{BoundOf(day)}') TO ('{BoundOf(day.AddDays(1))}')", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    static async Task<StoreTransaction> BeginAsync(PostgresStore store, CancellationToken cancellationToken)
    {
        var transaction = await store.BeginAsync(cancellationToken);
        try
        {
            await HourTable.HoldAsync(transaction, cancellationToken);
            await transaction.ExecuteAsync("SET LOCAL lock_timeout = '3s'", cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    static string NameOf(DateTime day) => Prefix + day.ToString(DayFormat, CultureInfo.InvariantCulture);

    static string BoundOf(DateTime day) => day.ToString("yyyy-MM-dd 00:00:00+00", CultureInfo.InvariantCulture);
}
