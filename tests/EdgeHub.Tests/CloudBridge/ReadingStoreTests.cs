using CsCheck;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Record = EdgeHub.Wire.Proto.Record;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>The promises of the city's side, against each engine.</summary>
public abstract class ReadingStoreTests : RetentionTests
{
    [Fact(Timeout = TestMsMax)]
    public async Task An_ack_carries_the_ranges_and_the_digest_of_the_records()
    {
        var box = Filled("gw-ack", blocks: 3);
        var result = await CommitAsync(box.DeliverAll());
        var ack = Assert.Single(result.Acks);
        Assert.Equal(("gw-ack", Store.StoreId, box.Spool), (ack.Gateway, ack.Ack.Store, ack.Ack.Spool));
        Assert.Equal([new NumberRange(1, 4)], ack.Ack.Stored);
        Assert.Empty(ack.Ack.SetAside);
        Assert.Equal(box.DigestOf(box.Numbers), ack.Ack.Digest);
        Assert.Equal(12, await RowsAsync("gw-ack"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task The_view_shows_each_reading_with_its_names_and_its_time()
    {
        var box = new TestBox("gw-view", 2);
        box.AddCatalog();
        box.AddReadings([new Reading(0, 1_500, 12.25, Quality.UncertainWarmUp), new Reading(1, 2_000, double.NaN, Quality.BadNoData)]);
        await CommitAsync(box.DeliverAll(Lane.Backlog));
        Assert.Equal(["gw-view pms1 pm2_5 ug/m3 pump-room-7 330106/005/012 normal 64 uncertain 1", "gw-view pms2 pm2_5 ug/m3 pump-room-7 330106/005/012 normal 192 bad 2"],
            await TextsAsync("SELECT gateway || ' ' || sensor || ' ' || quantity || ' ' || unit || ' ' || site || ' ' || area || ' ' || class || ' ' || quality || ' ' || grade || ' ' || sequence FROM reading ORDER BY sequence"));
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM reading WHERE value = 12.25 AND historical AND spool = $1", box.Spool.ToString()));
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM reading WHERE value IS NULL"));
        var time = DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset + 1_500).UtcDateTime;
        Assert.Equal(1, this is PostgresStoreTests
            ? await CountAsync("SELECT count(*) FROM reading WHERE time = $1", time)
            : await CountAsync("SELECT count(*) FROM reading WHERE time = $1", time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Whatever_comes_twice_late_or_overlapping_each_reading_is_stored_once()
    {
        var round = 0;
        var delivery = Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12], Gen.Int[0, 2]);
        await delivery.Array[1, 12].SampleAsync(
            async deliveries =>
            {
                var number = Interlocked.Increment(ref round);
                var box = Filled($"gw-once-{number}", blocks: 11, seed: 1000 + number);
                var batch = new List<DeliveredRecord>();
                foreach (var (a, b, closes) in deliveries)
                {
                    batch.AddRange(box.Deliver((ulong)Math.Min(a, b), (ulong)Math.Max(a, b)));
                    if (closes == 0)
                    {
                        await CommitAsync([.. batch]);
                        batch.Clear();
                    }
                }

                await CommitAsync([.. batch, .. box.DeliverAll(Lane.Backlog)]);
                Assert.Equal(box.Sequence, await RowsAsync(box.Gateway));
                Assert.Equal(box.Sequence, await CountAsync("SELECT count(DISTINCT sequence) FROM reading WHERE gateway = $1", box.Gateway));
                Assert.Equal(["1 1 12"], await RangesAsync(box));
            },
            iter: this is PostgresStoreTests ? 15 : 60,
            threads: 1);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task After_a_crash_between_commit_and_ack_the_same_records_are_acked_and_not_stored_again()
    {
        var box = Filled("gw-crash", blocks: 3);
        var first = await CommitAsync(box.DeliverAll());
        await ReopenAsync();
        var again = await CommitAsync(box.DeliverAll(Lane.Backlog));
        Assert.Equal(first.Acks[0].Ack.ToJson(), again.Acks[0].Ack.ToJson());
        Assert.Equal((0, 4), (again.ReadingsStored, again.Duplicates));
        Assert.Equal(12, await RowsAsync("gw-crash"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_reading_of_the_year_9000_is_stored_and_told_and_silences_no_topic()
    {
        var box = new TestBox("gw-ahead", 5, offset: 221_000_000_000_000);
        box.AddCatalog(streams: 1);
        box.AddBlock(count: 2, value: 9);
        box.AddBlock(count: 1, value: 99);
        await CommitAsync(box.DeliverAll());
        Assert.Equal(3, await RowsAsync("gw-ahead"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM latest WHERE topic LIKE '%pms1%' AND time > 220000000000000"));
        Assert.Contains("gw-ahead has readings of 8973-", Assert.Single(await TextsAsync("SELECT text FROM event WHERE kind = 'clock-ahead'")), StringComparison.Ordinal);

        // Its clock is set: the topic goes on, also where an older bridge had let the future in.
        var after = new TestBox("gw-ahead", 6);
        after.AddCatalog(streams: 1);
        after.AddBlock(count: 1, value: 5);
        await CommitAsync(after.DeliverAll());
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM latest WHERE value = 5"));
        await ExecuteAsync("UPDATE latest SET time = 221000000000000");
        after.AddBlock(count: 1, value: 6);
        await CommitAsync(after.DeliverAll());
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM latest WHERE value = 6"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task The_store_id_is_born_once_and_stays()
    {
        var born = Store.StoreId;
        Assert.Matches("^[0-9a-f]{32}$", born);
        await ReopenAsync();
        Assert.Equal(born, Store.StoreId);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_record_that_the_database_refuses_is_set_aside_alone_and_replayed_later()
    {
        var box = new TestBox("gw-bisect", 3);
        box.AddCatalog();
        for (var i = 0; i < 9; i++)
            box.AddBlock(count: 2, value: i == 5 ? 666 : i * 10);
        await RefuseValueAsync(666);
        var result = await CommitAsync(box.DeliverAll());
        Assert.Equal((1, 16), (result.RecordsSetAside, result.ReadingsStored));
        Assert.Equal([new NumberRange(7, 7)], result.Acks.SelectMany(ack => ack.Ack.SetAside));
        Assert.Equal(16, await RowsAsync("gw-bisect"));
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM set_aside"));

        await AcceptAllValuesAsync();
        Assert.Equal((1, 1), await SetAsideReplay.RunAsync(Committer, 10, Stop));
        Assert.Equal(18, await RowsAsync("gw-bisect"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM set_aside"));
        Assert.Equal(["1 1 10"], await RangesAsync(box));
        Assert.Equal((0, 0), await SetAsideReplay.RunAsync(Committer, 10, Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_record_that_does_not_decode_is_set_aside_raw_and_acked_and_the_rest_goes_on()
    {
        var box = new TestBox("gw-raw", 4);
        box.AddCatalog();
        box.AddRaw([0xFF, 0x01, 0x02]);
        box.AddBlock();
        var ack = Assert.Single((await CommitAsync(box.DeliverAll())).Acks).Ack;
        Assert.Equal([new NumberRange(1, 1), new NumberRange(3, 3)], ack.Stored);
        Assert.Equal([new NumberRange(2, 2)], ack.SetAside);
        Assert.Equal(box.DigestOf(box.Numbers), ack.Digest);
        Assert.Equal(4, await RowsAsync("gw-raw"));
        Assert.Equal((1, 0), await SetAsideReplay.RunAsync(Committer, 10, Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Other_bytes_under_a_known_number_are_an_alarm_and_change_nothing()
    {
        var box = Filled("gw-two-faced", blocks: 3);
        await CommitAsync(box.DeliverAll());
        box.Replace(3, new Record { Books = new Books() }.ToByteArray());
        var result = await CommitAsync(box.DeliverAll());
        // Record 4 keeps its bytes but stands at the run's end, where the chain value proves the whole run.
        Assert.True(result.Equivocations >= 1);
        Assert.DoesNotContain(result.Acks.SelectMany(ack => ack.Ack.Stored), range => range.Contains(3));
        Assert.Equal(12, await RowsAsync("gw-two-faced"));
        Assert.Equal(result.Equivocations, await CountAsync("SELECT count(*) FROM event WHERE kind = 'equivocation'"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task What_a_box_calls_acked_and_the_store_lacks_is_asked_for_also_in_an_unknown_spool()
    {
        var box = Filled("gw-missing", blocks: 9);
        await CommitAsync([.. box.Deliver(1, 3), .. box.Deliver(6, 8)]);
        var unknown = new SpoolId(99);
        var status = new GatewayStatus("gw-missing", true, "1", "boot", 0, "ok", new Dictionary<string, string>(),
        [
            new SpoolStatus(box.Spool, SpoolClass.Normal, 10, [new NumberRange(1, 9)], [new NumberRange(10, 10)]),
            new SpoolStatus(unknown, SpoolClass.Urgent, 5, [new NumberRange(2, 5)], []),
        ]);
        var answers = await MissingQuery.FindAsync(Store, status, Stop);
        Assert.Equal([new NumberRange(4, 5), new NumberRange(9, 9)], answers[0].Ack.Missing);
        Assert.Equal((unknown, Store.StoreId), (answers[1].Ack.Spool, answers[1].Ack.Store));
        Assert.Equal([new NumberRange(2, 5)], answers[1].Ack.Missing);
        Assert.Empty(answers[0].Ack.Stored);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task What_a_box_delivered_under_its_old_name_is_not_asked_for_under_the_new_one()
    {
        var box = Filled("gw-old-name", blocks: 3);
        await CommitAsync(box.Deliver(1, 3));
        var status = new GatewayStatus("gw-new-name", true, "1", "boot", 0, "ok", new Dictionary<string, string>(), [new SpoolStatus(box.Spool, SpoolClass.Normal, 4, [new NumberRange(1, 4)], [])]);
        Assert.Equal([new NumberRange(4, 4)], Assert.Single(await MissingQuery.FindAsync(Store, status, Stop)).Ack.Missing);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Blocks_of_a_boot_without_a_clock_are_acked_at_once_and_become_rows_with_the_clock()
    {
        var box = new TestBox("gw-undated", 5);
        box.AddCatalog();
        box.AddBlock(clock: ClockQuality.None);
        box.AddBlock(bootTimeMs: 9000, clock: ClockQuality.None);
        var ack = Assert.Single((await CommitAsync(box.DeliverAll())).Acks).Ack;
        Assert.Equal([new NumberRange(1, 3)], ack.Stored);
        Assert.Equal(0, await RowsAsync("gw-undated"));

        await ReopenAsync();
        box.AddClockFix();
        box.AddBlock(bootTimeMs: 20_000, clock: ClockQuality.None);
        await CommitAsync(box.Deliver(4, 5));
        Assert.Equal(12, await RowsAsync("gw-undated"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM parked"));
        // A second fix of the same boot moves no row.
        box.AddClockFix(TestBox.Offset + 5000);
        var before = await TextsAsync("SELECT time FROM reading ORDER BY sequence");
        await CommitAsync(box.Deliver(6, 6));
        Assert.Equal(before, await TextsAsync("SELECT time FROM reading ORDER BY sequence"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_block_that_comes_before_its_catalog_waits_for_it_in_the_store()
    {
        var box = Filled("gw-early", blocks: 2);
        await CommitAsync(box.Deliver(2, 3));
        Assert.Equal(0, await RowsAsync("gw-early"));
        await CommitAsync(box.Deliver(1, 1, Lane.Backlog));
        Assert.Equal(8, await RowsAsync("gw-early"));
        Assert.Equal(["1 1 3"], await RangesAsync(box));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task An_original_that_comes_after_its_tombstone_wins()
    {
        var lost = Filled("gw-tomb", blocks: 3, seed: 60);
        var next = new TestBox("gw-tomb", 61);
        next.AddTombstone(lost.Spool, 2, 4);
        await CommitAsync(lost.Deliver(1, 1));
        await CommitAsync(next.DeliverAll());
        Assert.Equal(["1 1 1", "3 2 4"], await RangesAsync(lost));
        await CommitAsync(lost.Deliver(3, 3));
        Assert.Equal(["1 1 1", "1 3 3", "3 2 2", "3 4 4"], await RangesAsync(lost));
        Assert.Equal(4, await RowsAsync("gw-tomb"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Two_receivers_with_the_same_records_store_each_once()
    {
        var box = Filled("gw-shared", blocks: 20);
        var other = new Committer(Store, TimeProvider.System, NullLogger<Committer>.Instance);
        var all = box.DeliverAll();
        await Task.WhenAll(Task.Run(() => CommitAsync(all), Stop), Task.Run(() => other.CommitAsync(all, [], [], Stop), Stop));
        Assert.Equal(box.Sequence, await RowsAsync("gw-shared"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_reading_outside_all_times_sets_its_block_aside()
    {
        var box = new TestBox("gw-time", 8);
        box.AddCatalog();
        box.AddReadings([new Reading(0, long.MaxValue - 5, 1, Quality.Good)]);
        Assert.Equal(1, (await CommitAsync(box.DeliverAll())).RecordsSetAside);
    }

    private protected static TestBox Filled(string gateway, int blocks, int seed = 1)
    {
        var box = new TestBox(gateway, seed);
        box.AddCatalog();
        for (var i = 0; i < blocks; i++)
            box.AddBlock(bootTimeMs: 1000 + (i * 10_000L), value: i * 100);
        return box;
    }

    Task<List<string>> RangesAsync(TestBox box) => TextsAsync(
        $"SELECT state || ' ' || first || ' ' || last FROM ledger_range l JOIN spool p ON p.key = l.spool JOIN gateway g ON g.key = p.gateway WHERE g.id = '{box.Gateway}' AND p.id = {(this is PostgresStoreTests ? "'\\x" : "x'")}{box.Spool}' ORDER BY state, first");
}
