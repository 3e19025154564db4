using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Accounting;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>The page of the suite about taking a range out again.</summary>
public abstract class RefillTests : EndedBootTests
{
    [Fact(Timeout = TestMsMax)]
    public async Task A_refill_takes_ledger_and_rows_of_the_range_and_the_box_fills_exactly_that_again()
    {
        var box = new TestBox("gw-refill", 90);
        box.AddCatalog();
        for (var i = 0; i < 6; i++)
        {
            box.AddBlock(bootTimeMs: i * 60_000, value: i * 100);
            await CommitAsync(box.Deliver(i == 0 ? 1 : box.Head, box.Head));
        }

        var all = await TextsAsync("SELECT gateway || sequence || value || time FROM reading ORDER BY sequence");
        // The third and fourth block: 2:00 to 3:03 after boot.
        var gone = await RefillAsync("gw-refill", 110_000, 200_000);
        Assert.Equal((2, 8), gone);
        Assert.Equal(16, await RowsAsync("gw-refill"));
        Assert.Equal([new NumberRange(4, 5)], Assert.Single(await MissingQuery.FindAsync(Store, AllAcked(box), Stop)).Ack.Missing);

        var result = await CommitAsync(box.DeliverAll(Lane.Backlog));
        Assert.Equal((8, 5), (result.ReadingsStored, result.Duplicates));
        Assert.Equal(all, await TextsAsync("SELECT gateway || sequence || value || time FROM reading ORDER BY sequence"));
        Assert.Empty(await MissingQuery.FindAsync(Store, AllAcked(box), Stop));
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM event WHERE kind = 'refill'"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_refill_finds_rows_that_are_gone_while_the_ledger_calls_them_stored()
    {
        var box = new TestBox("gw-holes", 91);
        box.AddCatalog();
        box.AddBlock();
        await CommitAsync(box.DeliverAll());
        await ExecuteAsync("DELETE FROM reading_row");
        Assert.Equal((2, 0), await RefillAsync("gw-holes", 0, 10_000));
        await CommitAsync(box.DeliverAll(Lane.Backlog));
        Assert.Equal(4, await RowsAsync("gw-holes"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_refill_keeps_the_catalog_so_that_rows_can_come_again_when_the_box_has_thrown_it_away()
    {
        var box = new TestBox("gw-catalog", 92);
        box.AddCatalog();
        box.AddBlock();
        await CommitAsync(box.DeliverAll());
        await RefillAsync("gw-catalog", 0, 10_000);
        var next = new TestBox("gw-catalog", 93);
        next.AddTombstone(box.Spool, 1, 1);
        await CommitAsync([.. next.DeliverAll(), .. box.Deliver(2, 2, Lane.Backlog)]);
        Assert.Equal(4, await RowsAsync("gw-catalog"));
        Assert.Empty(await MissingQuery.FindAsync(Store, AllAcked(box), Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_refill_touches_no_other_gateway_and_knows_whom_it_does_not_know()
    {
        var (mine, other) = (new TestBox("gw-mine", 94), new TestBox("gw-other", 95));
        foreach (var box in new[] { mine, other })
        {
            box.AddCatalog();
            box.AddBlock();
            await CommitAsync(box.DeliverAll());
        }

        Assert.Null(await RefillAsync("gw-nobody", 0, 10_000));
        Assert.Equal((0, 0), await RefillAsync("gw-mine", 20_000, 30_000));
        Assert.Equal((2, 4), await RefillAsync("gw-mine", 0, 10_000));
        Assert.Equal((0, 4), (await RowsAsync("gw-mine"), await RowsAsync("gw-other")));
    }

    /// <summary>The golden store of an older version: four rows of one spool in records 2 and 3; version 1 did not note their sequences, and none of them who asked for a reading.</summary>
    private protected static async Task CheckMigratedAsync(IReadingStore store, int version)
    {
        await using (store)
        {
            Assert.Equal("0123456789abcdef0123456789abcdef", store.StoreId);
            await using (var before = await store.BeginAsync(Stop))
            {
                Assert.Equal(4, await before.NumberAsync("SELECT count(*) FROM reading WHERE gateway = 'gw-old' AND value > 1", Stop));
                Assert.Equal(4, await before.NumberAsync("SELECT count(*) FROM reading_all WHERE gateway = 'gw-old' AND origin = 'active'", Stop));
            }

            Assert.Equal(0, (await FullAudit.RunAsync(store, "gw-old", TimeProvider.System.GetUtcNow(), Stop))!.Cuts);
            // What had no sequences goes with its neighbours, the catalog too.
            Assert.Equal((version == 1 ? 3 : 2, 4), await Refill.RunAsync(store, "gw-old", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, TimeProvider.System.GetUtcNow(), Stop));
            await using var transaction = await store.BeginAsync(Stop);
            Assert.Equal(0, await transaction.NumberAsync("SELECT count(*) FROM reading WHERE gateway = 'gw-old'", Stop));
            Assert.Equal(4, await transaction.NumberAsync("SELECT version FROM schema_version", Stop));
        }
    }

    Task<(long Records, long Rows)?> RefillAsync(string gateway, long fromBootMs, long toBootMs) =>
        Refill.RunAsync(Store, gateway, DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset + fromBootMs), DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset + toBootMs), TimeProvider.System.GetUtcNow(), Stop);

    static GatewayStatus AllAcked(TestBox box) =>
        new(box.Gateway, true, "1", "boot", 0, "ok", new Dictionary<string, string>(), [new SpoolStatus(box.Spool, SpoolClass.Normal, box.Head, [new NumberRange(1, box.Head)], [])]);
}
