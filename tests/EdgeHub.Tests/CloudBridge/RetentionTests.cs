using EdgeHub.CloudBridge.Store.Accounting;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.CloudBridge.Store.Upkeep;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;
using Record = EdgeHub.Wire.Proto.Record;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>The page of the suite about what is older than it is to be kept.</summary>
public abstract class RetentionTests : PairTests
{
    /// <summary>The first moment that every reading of these tests lies before by whole days.</summary>
    private protected static readonly DateTimeOffset Later = DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset).AddDays(4000);

    private protected const long DayMs = 24 * 3_600_000L;

    [Fact(Timeout = TestMsMax)]
    public async Task After_retention_the_old_readings_are_gone_the_books_balance_and_nothing_comes_twice()
    {
        var box = Told("gw-kept", 100);
        await CommitAsync(box.DeliverAll());
        var removed = await Retention.RunAsync(Store, DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset).AddDays(2), Later, Stop);
        Assert.Equal(12, removed);
        Assert.Equal(8, await RowsAsync("gw-kept"));

        var (judged, news) = await Audit.RunDueAsync(Store, Later, 10, Stop);
        Assert.Equal((2, 0), (judged, news.Count));
        var books = (await FullAudit.RunAsync(Store, "gw-kept", Later, Stop))!;
        Assert.True(books.Balances);
        Assert.Equal((2, 0), (books.Cuts, books.Open));
        Assert.Equal([10L, 10L], books.Streams.Select(stream => stream.Recorded));
        Assert.Equal([6L, 6L], books.Streams.Select(stream => stream.Removed));
        Assert.Equal(0, (await CommitAsync(box.DeliverAll(Lane.Backlog))).ReadingsStored);
        Assert.Equal(0, await Retention.RunAsync(Store, DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset).AddDays(2), Later, Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_reading_that_somebody_deleted_is_found_also_beside_what_retention_removed()
    {
        var box = Told("gw-deleted", 101);
        await CommitAsync(box.DeliverAll());
        await Retention.RunAsync(Store, DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset).AddDays(2), Later, Stop);
        await ExecuteAsync("DELETE FROM reading_row WHERE value = 401");
        var books = (await FullAudit.RunAsync(Store, "gw-deleted", Later, Stop))!;
        Assert.Contains("pms2/pm2_5: 6 recorded, 3 stored, 2 removed", Assert.Single(books.Differences).Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_refill_leaves_alone_what_retention_removed()
    {
        var box = Told("gw-refilled", 102);
        // Runs of one commit: each block its own.
        for (ulong number = 1; number <= box.Head; number++)
            await CommitAsync(box.Deliver(number, number));
        await Retention.RunAsync(Store, DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset).AddDays(2), Later, Stop);
        var gone = await Refill.RunAsync(Store, "gw-refilled", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, Later, Stop);
        Assert.Equal((2, 8), gone);
        Assert.Equal(8, (await CommitAsync(box.DeliverAll(Lane.Backlog))).ReadingsStored);
        Assert.True((await FullAudit.RunAsync(Store, "gw-refilled", Later, Stop))!.Balances);
    }

    /// <summary>Five blocks of four readings, a day apart, and books behind the second and the fifth.</summary>
    internal static TestBox Told(string gateway, int seed)
    {
        var box = new TestBox(gateway, seed);
        box.AddCatalog();
        for (var day = 0; day < 5; day++)
        {
            box.AddBlock(bootTimeMs: 1000 + ((day < 3 ? 0 : day) * DayMs) + (day * 60_000), value: day * 100);
            if (day is 1 or 4)
                box.Add(new Record
                {
                    Books = new Books
                    {
                        LastSequence = (ulong)box.Sequence,
                        Recorded = { Enumerable.Range(1, 2).Select(i => new StreamCount { Sensor = $"pms{i}", Quantity = "pm2_5", Count = (ulong)box.Sequence / 2 }) },
                    },
                });
        }

        return box;
    }
}
