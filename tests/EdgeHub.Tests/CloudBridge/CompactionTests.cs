using CsCheck;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Accounting;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.CloudBridge.Store.Postgres;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.CloudBridge.Store.Upkeep;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>Days in partitions, older days in arrays: the views show the same whatever moved.</summary>
public sealed class CompactionTests(PostgresServer postgres) : IAsyncLifetime
{
    const int TestMsMax = 120_000;
    const string Everything = "SELECT gateway || sensor || quantity || unit || class || to_char(time AT TIME ZONE 'utc', 'YYYY-MM-DD HH24:MI:SS.MS') || coalesce(value::TEXT, '-') || ' ' || quality || grade || spool || ' ' || sequence || historical || origin || hour FROM reading_all ORDER BY spool, sequence";

    static readonly DateTimeOffset Later = DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset).AddDays(4000);

    string connection = "";
    PostgresStore store = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        connection = await postgres.CreateDatabaseAsync(Stop);
        store = await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (store is not null)
            await store.DisposeAsync();
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Compacted_days_look_the_same_and_what_comes_late_is_packed_at_the_next_turn()
    {
        var box = Mixed("gw-pack", 1);
        await CommitAsync(box.Deliver(1, box.Head - 3));
        var before = await TextsAsync(Everything);
        Assert.Equal(before.Count, await store.TidyAsync(Later, Later, Stop));
        Assert.Equal(0, await NumberAsync("SELECT count(*) FROM reading_row"));
        Assert.Equal(before, await TextsAsync(Everything));

        await CommitAsync(box.DeliverAll(Lane.Backlog));
        var all = await TextsAsync(Everything);
        Assert.Equal(box.Sequence, all.Count);
        Assert.Equal(box.Sequence - before.Count, await store.TidyAsync(Later, Later, Stop));
        Assert.Equal(all, await TextsAsync(Everything));
        Assert.Equal(0, await store.TidyAsync(Later, Later, Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Whatever_the_readings_are_arrays_give_back_the_same_bits()
    {
        var any = Gen.Select(Gen.Int[0, 1], Gen.Int[0, 90_000_000], Gen.OneOf(Gen.Double.Where(double.IsFinite), Gen.Int[-40_000, 40_000].Select(i => i / 100.0), Gen.Const(double.NaN), Gen.Const(-0.0)), Gen.Int[1, 40]);
        await any.Array[1, 60].SampleAsync(
            async readings =>
            {
                await using (var clean = await store.BeginAsync(Stop))
                {
                    await clean.ExecuteAsync("TRUNCATE reading_row, reading_hour", Stop);
                    await clean.CommitAsync(Stop);
                }

                long sequence = 0;
                var rows = readings.Select(one => new ReadingRow(one.Item1 + 1, 1, sequence += one.Item4, TestBox.Offset + one.Item2, one.Item3, double.IsNaN(one.Item3) ? Quality.BadNoData : Quality.Good, one.Item4 % 2 == 0, one.Item4 % 3 == 0)).ToList();
                await using (var transaction = await store.BeginAsync(Stop))
                {
                    await transaction.ExecuteAsync("INSERT INTO stream (gateway, sensor, quantity, unit, site, area, class, classification, model, topic, first_seen) SELECT 1, 's' || i, 'q', '', '', '', 2, '', '', '', 0 FROM generate_series(1, 2) i ON CONFLICT DO NOTHING", Stop);
                    await store.WriteRowsAsync(transaction, rows, Stop);
                    await transaction.CommitAsync(Stop);
                }

                Assert.Equal(rows.Count, await store.TidyAsync(Later, Later, Stop));
                Assert.Equal(0, await NumberAsync("SELECT count(*) FROM reading_row"));
                await using var back = await store.BeginAsync(Stop);
                await store.UnpackAsync(back, 1, 0, long.MaxValue, Stop);
                var found = await back.QueryAsync("SELECT stream, spool, sequence, time, value, quality, historical, overheard FROM reading_row ORDER BY sequence", reader => new ReadingRow(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2), (reader.GetDateTime(3) - DateTime.UnixEpoch).Ticks / 10_000, reader.IsDBNull(4) ? double.NaN : reader.GetDouble(4), (Quality)(byte)reader.GetInt16(5), reader.GetBoolean(6), reader.GetBoolean(7)), Stop);
                Assert.Equal(rows.Select(Bits), found.Select(Bits));
            },
            iter: 25,
            threads: 1);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_refill_takes_readings_out_of_arrays_and_they_come_back_once()
    {
        var box = Mixed("gw-back", 2);
        for (ulong number = 1; number <= box.Head; number++)
            await CommitAsync(box.Deliver(number, number));
        await store.TidyAsync(Later, Later, Stop);
        var all = await TextsAsync("SELECT spool || sequence || time || coalesce(value::TEXT, '-') FROM reading_all ORDER BY spool, sequence");
        var (records, rows) = (await Refill.RunAsync(store, "gw-back", At(3_000_000), At(10_000_000), Later, Stop))!.Value;
        Assert.True(records > 0 && rows > 0);
        Assert.Equal(all.Count - rows, await NumberAsync("SELECT count(*) FROM reading_all"));
        Assert.Equal(rows, (await CommitAsync(box.DeliverAll(Lane.Backlog))).ReadingsStored);
        Assert.Equal(all, await TextsAsync("SELECT spool || sequence || time || coalesce(value::TEXT, '-') FROM reading_all ORDER BY spool, sequence"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task While_late_readings_come_in_and_a_bridge_is_cut_off_compaction_neither_loses_nor_doubles_one()
    {
        var boxes = Enumerable.Range(10, 6).Select(seed => Mixed($"gw-busy-{seed}", seed)).ToArray();
        foreach (var box in boxes)
            await CommitAsync(box.Deliver(1, 2));
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var packing = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                try
                {
                    await store.TidyAsync(Later, Later, Stop);
                }
                catch (NpgsqlException)
                {
                    // Cut off in the middle, as a killed bridge is.
                }
        }, Stop);
        var killing = Task.Run(async () =>
        {
            await using var source = NpgsqlDataSource.Create(connection);
            while (!done.IsCancellationRequested)
            {
                await using var command = source.CreateCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%reading_hour%' AND pid <> pg_backend_pid() AND query NOT LIKE '%pg_stat_activity%'");
                await command.ExecuteNonQueryAsync(Stop);
                await Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System, Stop);
            }
        }, Stop);
        // Connections of its own, which nobody cuts.
        await using var other = await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, Stop);
        var committer = new Committer(other, TimeProvider.System, NullLogger<Committer>.Instance);
        foreach (var box in boxes)
            for (ulong number = 3; number <= box.Head; number++)
                await committer.CommitAsync(box.Deliver(number, number), [], [], Stop);
        await done.CancelAsync();
        await Task.WhenAll(packing, killing);
        await using (var last = await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, Stop))
            await last.TidyAsync(Later, Later, Stop);
        await store.DisposeAsync();
        store = await PostgresStore.OpenAsync(new StoreOptions { Kind = StoreKind.Postgres, Connection = connection }, TimeProvider.System, Stop);
        Assert.Equal(0, await NumberAsync("SELECT count(*) FROM reading_row"));
        Assert.Equal(boxes.Sum(box => box.Sequence), await NumberAsync("SELECT count(*) FROM reading_all"));
        Assert.Equal(boxes.Sum(box => box.Sequence), await NumberAsync("SELECT count(DISTINCT (spool, sequence)) FROM reading_all"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task The_audit_and_retention_see_what_is_packed()
    {
        var box = Told("gw-books", 30);
        await CommitAsync(box.DeliverAll());
        await store.TidyAsync(Later, Later, Stop);
        var (judged, news) = await Audit.RunDueAsync(store, Later, 10, Stop);
        Assert.Equal((2, 0), (judged, news.Count));
        Assert.Equal([10L, 10L], (await FullAudit.RunAsync(store, "gw-books", Later, Stop))!.Streams.Select(stream => stream.Stored));
        Assert.Equal(12, await Retention.RunAsync(store, At(0).AddDays(2), Later, Stop));
        var books = (await FullAudit.RunAsync(store, "gw-books", Later, Stop))!;
        Assert.True(books.Balances);
        Assert.Equal([6L, 6L], books.Streams.Select(stream => stream.Removed));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Each_day_has_its_partition_in_time_and_every_other_time_a_place_without_one()
    {
        var now = TimeProvider.System.GetUtcNow();
        // From yesterday to a week ahead, and the rest.
        Assert.Equal(10, await NumberAsync("SELECT count(*) FROM pg_inherits WHERE inhparent = 'reading_row'::regclass"));
        var far = new TestBox("gw-far", 40, offset: now.AddYears(-9).ToUnixTimeMilliseconds());
        far.AddCatalog();
        far.AddBlock();
        var tomorrow = new TestBox("gw-near", 41, offset: now.AddDays(9).ToUnixTimeMilliseconds());
        tomorrow.AddCatalog();
        tomorrow.AddBlock();
        await CommitAsync([.. far.DeliverAll(), .. tomorrow.DeliverAll()]);
        Assert.Equal(8, await NumberAsync("SELECT count(*) FROM reading_row_rest"));
        // Two days on its day gets a partition, and what had come early moves in.
        await store.TidyAsync(now.AddDays(4), null, Stop);
        Assert.Equal(4, await NumberAsync("SELECT count(*) FROM reading_row_rest"));
        Assert.Equal(8, await NumberAsync("SELECT count(*) FROM reading"));
        // Days that are over and hold nothing go.
        await store.TidyAsync(now.AddDays(40), now.AddDays(-1), Stop);
        Assert.Equal(1, await NumberAsync($"SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE inhparent = 'reading_row'::regclass AND c.relname < 'reading_row_{now.AddDays(30):yyyyMMdd}'"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task An_hours_readings_of_a_stream_take_at_most_twelve_bytes_each_with_their_indexes()
    {
        var box = new TestBox("gw-small", 50);
        box.AddCatalog(streams: 20);
        var random = new Random(7);
        for (long second = 0; second < 7_200; second += 10)
            box.AddReadings([.. Enumerable.Range(0, 20).Select(stream => new Reading(stream, (second * 1000) + random.Next(40), random.Next(2_000, 3_000) / 100.0, Quality.Good))]);
        await CommitAsync(box.DeliverAll());
        await using (var source = NpgsqlDataSource.Create(connection))
        await using (var vacuum = source.CreateCommand("VACUUM FULL reading_row"))
            await vacuum.ExecuteNonQueryAsync(Stop);
        var rows = await NumberAsync("SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'reading_row'::regclass") / (double)box.Sequence;
        await store.TidyAsync(Later, Later, Stop);
        var packed = await NumberAsync("SELECT pg_total_relation_size('reading_hour')") / (double)box.Sequence;
        TestContext.Current.SendDiagnosticMessage($"{rows:F1} bytes a reading as rows, {packed:F1} packed");
        Assert.True(packed <= 12, $"{packed:F1} bytes a reading");
        Assert.True(rows >= 8 * packed, $"{rows:F1} against {packed:F1} bytes a reading");
    }

    static TestBox Mixed(string gateway, int seed)
    {
        var box = new TestBox(gateway, seed);
        box.AddCatalog();
        for (var i = 0; i < 12; i++)
            box.AddReadings([.. Enumerable.Range(0, 4 + (i % 3)).Select(k => new Reading(k % 2, (i * 40_000_000L / 12) + (k * 1000), (i, k) switch { (3, 1) => double.NaN, (5, _) => k / 3.0, _ => i + (k / 10.0) }, (i, k) is (3, 1) ? Quality.BadNoData : k == 3 ? Quality.UncertainWarmUp : Quality.Good) { Origin = i % 4 == 2 ? Origin.Overheard : Origin.Active })]);
        return box;
    }

    static TestBox Told(string gateway, int seed) => RetentionTests.Told(gateway, seed);

    static (int, int, long, long, long, Quality, bool, bool) Bits(ReadingRow row) => (row.Stream, row.Spool, row.Sequence, row.TimeMs, double.IsNaN(row.Value) ? -1 : BitConverter.DoubleToInt64Bits(row.Value), row.Quality, row.Historical, row.Overheard);

    static DateTimeOffset At(long bootMs) => DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset + bootMs);

    Task<CommitResult> CommitAsync(params DeliveredRecord[] records) => new Committer(store, TimeProvider.System, NullLogger<Committer>.Instance).CommitAsync(records, [], [], Stop);

    async Task<long> NumberAsync(string sql)
    {
        await using var transaction = await store.BeginAsync(Stop);
        return await transaction.NumberAsync(sql, Stop) ?? 0;
    }

    async Task<List<string>> TextsAsync(string sql)
    {
        await using var transaction = await store.BeginAsync(Stop);
        return await transaction.QueryAsync(sql, reader => reader.GetString(0), Stop);
    }
}
