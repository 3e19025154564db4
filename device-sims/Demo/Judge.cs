using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>
/// Compares what the simulators put on the wire with the public view <c>reading</c> of the city's database. Within a run
/// each value is unique in its stream, so the two are matched by value: no clock, no sequence and no code of the path
/// under judgement is trusted. Instruments speak in 32 bits at most, and a box may write a 32-bit float as its shortest
/// decimal: values are equal when they are as 32-bit floats.
/// </summary>
sealed class Judge(DemoOptions options, string sqliteFile)
{
    public Task<long> CountAsync() => NumberAsync("select count(*) from reading");

    /// <summary>The same with what boxes only overheard.</summary>
    public Task<long> CountAllAsync() => NumberAsync("select count(*) from reading_all");

    /// <summary>Readings that boxes overheard.</summary>
    public Task<long> CountOverheardAsync() => NumberAsync("select count(*) from reading_all where origin = 'overheard'");

    /// <summary>Records in which minutes stand for readings that a full box let go.</summary>
    public Task<long> CountMinutesAsync() => NumberAsync("select count(*) from side_record where kind = 'aggregates'");

    /// <summary>The longest time without a row of a sensor in the default view. SQLite only.</summary>
    public async Task<TimeSpan> LongestGapAsync(string sensor) => TimeSpan.FromMilliseconds(await NumberAsync(
        $"select coalesce(max(gap), 0) from (select time_ms - lag(time_ms) over (order by time_ms) as gap from reading where sensor = '{sensor}')"));

    /// <summary>How old the newest row is by this machine's clock; null while there is none. PostgreSQL only.</summary>
    public async Task<TimeSpan?> NewestAgeAsync()
    {
        await using var connection = Open();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select extract(epoch from now() - max(time)) from reading";
        return await command.ExecuteScalarAsync() is { } age and not DBNull ? TimeSpan.FromSeconds(Convert.ToDouble(age, CultureInfo.InvariantCulture)) : null;
    }

    public async Task<Findings> CompareAsync(string ledgerFile)
    {
        var emitted = await ReadLedgerAsync(ledgerFile);
        var rows = new Dictionary<(string, string, float), int>();
        var boxes = new HashSet<((string, string, float), string)>();
        var positions = new HashSet<(string, long)>();
        long stored = 0, twice = 0;
        await using (var connection = Open())
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "select sensor, quantity, value, spool, sequence, gateway from reading";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                stored++;
                var key = (reader.GetString(0), reader.GetString(1), await reader.IsDBNullAsync(2) ? float.NaN : (float)reader.GetDouble(2));
                rows[key] = rows.GetValueOrDefault(key) + 1;
                boxes.Add((key, reader.GetString(5)));
                if (!positions.Add((Convert.ToString(reader.GetValue(3), CultureInfo.InvariantCulture)!, reader.GetInt64(4))))
                    twice++;
            }
        }

        var duplicates = rows.Values.Sum(count => (long)count - 1);
        return new Findings(
            emitted.Count,
            stored,
            emitted.Count(value => !rows.ContainsKey(value)),
            Math.Max(duplicates, twice),
            rows.Keys.Count(value => !emitted.Contains(value)),
            boxes.Count - rows.Count);
    }

    async Task<long> NumberAsync(string sql)
    {
        await using var connection = Open();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file; what is not constant is a sensor's id of our own configuration.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    static async Task<HashSet<(string, string, float)>> ReadLedgerAsync(string file)
    {
        var emitted = new HashSet<(string, string, float)>();
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
                continue;
            using var json = JsonDocument.Parse(line);
            var entry = json.RootElement;
            // A spoiled frame's values must never become rows: they count as altered if they do.
            if (!entry.GetProperty("valid").GetBoolean())
                continue;
            if (!emitted.Add((entry.GetProperty("sensor").GetString()!, entry.GetProperty("quantity").GetString()!, (float)entry.GetProperty("value").GetDouble())))
                throw new InvalidDataException($"The simulators put one value on the wire twice, so rows cannot be told apart: {line}");
        }

        return emitted;
    }

    DbConnection Open() =>
        options.Postgres is { } postgres
            ? new NpgsqlConnection(postgres)
            : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = sqliteFile, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
}

/// <param name="Unread">Values on the wire that are in no row.</param>
/// <param name="Duplicates">Rows that say again what another row says.</param>
/// <param name="Altered">Rows with a value that was never on the wire.</param>
/// <param name="FromBoth">Of the duplicates those that two boxes each have as their own.</param>
sealed record Findings(long Emitted, long Stored, long Unread, long Duplicates, long Altered, long FromBoth)
{
    /// <summary>Where two boxes asked at once so many values may be there from both: an event, and no reading stored twice. What one box has twice stays a duplicate.</summary>
    public Findings ReadByBoth(long max, Action<string, bool> check)
    {
        if (max == 0)
            return this;
        check($"no more than a moment's readings are there from both boxes ({FromBoth})", FromBoth <= max);
        return this with { Duplicates = Duplicates - FromBoth };
    }
}
