using System.Globalization;
using EdgeHub.Benchmarks.Replay;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Postgres;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.Wire;
using Npgsql;

namespace EdgeHub.Benchmarks.City;

/// <summary>What a reading takes in PostgreSQL with its indexes: as a row, and packed with its hour.</summary>
static class StoreRows
{
    const int Hours = 24;
    const int PeriodMs = 10_000;
    const int RowsPerWrite = 50_000;

    public static readonly string[] Names = ["store.bytes_per_reading"];

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Effort effort, CancellationToken stop)
    {
        if (PostgresProcess.WhyNot is { } why)
            return [Row.Missing(Names[0], "bytes", why)];
        await using var server = new PostgresProcess();
        await server.StartAsync(stop);
        var connection = await server.CreateDatabaseAsync(stop);
        await using var store = await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, stop);
        await using var source = NpgsqlDataSource.Create(connection);
        var readings = await FillAsync(store, effort.Quick ? 3 : Hours, stop);
        var rows = await BytesAsync(source, "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'reading_row'::regclass", stop) / readings;
        var later = TimeProvider.System.GetUtcNow().AddDays(10);
        if (await store.TidyAsync(later, later, stop) is var packed && packed != readings)
            throw new InvalidOperationException($"{readings} readings were stored and {packed} packed.");
        var hours = await BytesAsync(source, "SELECT pg_total_relation_size('reading_hour')", stop) / readings;
        var note = string.Create(CultureInfo.InvariantCulture, $"{readings:N0} readings of {SampleReadings.Streams} streams each {PeriodMs / 1000} s with jitter, packed by stream and hour, with indexes; reference: the same as rows with theirs");
        return [new Row(Names[0], hours, "bytes", rows, "≤ 12, ratio ≤ 0.125", note)];
    }

    static async Task<double> FillAsync(PostgresStore store, int hours, CancellationToken stop)
    {
        var random = new Random(20_260_921);
        var start = TimeProvider.System.GetUtcNow().AddHours(-hours).ToUnixTimeMilliseconds();
        var values = Enumerable.Range(0, SampleReadings.Streams).Select(_ => random.Next(1_000, 20_000)).ToArray();
        var rows = new List<ReadingRow>(RowsPerWrite);
        long sequence = 0;
        await using (var transaction = await store.BeginAsync(stop))
        {
            await transaction.ExecuteAsync("INSERT INTO stream (gateway, sensor, quantity, unit, site, area, class, classification, model, topic, first_seen) SELECT 1, 's' || i, 'value', '1', '', '', 2, '', '', '', 0 FROM generate_series(1, $1::INT) i", stop, SampleReadings.Streams);
            for (var at = 0L; at < hours * 3_600_000L; at += PeriodMs)
                for (var stream = 0; stream < values.Length; stream++)
                {
                    values[stream] += random.Next(-20, 21);
                    rows.Add(new ReadingRow(stream + 1, 1, ++sequence, start + at + (stream * 7) + random.Next(30), values[stream] / (stream % 2 == 0 ? 10.0 : 100.0), Quality.Good, false));
                    if (rows.Count < RowsPerWrite)
                        continue;
                    await store.WriteRowsAsync(transaction, rows, stop);
                    rows.Clear();
                }

            await store.WriteRowsAsync(transaction, rows, stop);
            await transaction.CommitAsync(stop);
        }

        return sequence;
    }

    static async Task<double> BytesAsync(NpgsqlDataSource source, string sql, CancellationToken stop)
    {
        await using var command = source.CreateCommand(sql);
        return Convert.ToDouble(await command.ExecuteScalarAsync(stop), CultureInfo.InvariantCulture);
    }
}
