using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Accounting;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;
using Xunit;
using Record = EdgeHub.Wire.Proto.Record;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>The page of the suite about comparing what a box says it recorded with what became of it.</summary>
public abstract class BooksTests : RefillTests
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow().AddMinutes(1);

    [Fact(Timeout = TestMsMax)]
    public async Task The_books_balance_once_every_record_before_a_cut_has_come()
    {
        var box = Box("gw-books", 200);
        box.AddBlock(6);
        var cut = AddBooks(box, 3, 3);
        box.AddBlock(4, bootTimeMs: 60_000, value: 100);
        AddBooks(box, 5, 5);
        // The last books come first, as live ones do before the backlog.
        await CommitAsync([.. box.Deliver(1, 1), .. box.Deliver(cut + 2, cut + 2)]);
        await AuditAsync();
        var open = await BooksAsync(box);
        Assert.Equal((1, 1, true), (open.Cuts, open.Open, open.Balances));

        await CommitAsync(box.DeliverAll(Lane.Backlog));
        await AuditAsync();
        var books = await BooksAsync(box);
        Assert.Equal((2, 0, true), (books.Cuts, books.Open, books.Balances));
        Assert.Equal(["pms1/pm2_5 5 5 0", "pms2/pm2_5 5 5 0"], Lines(books));
        Assert.Equal((0, 0), await Audit.CountAsync(Store, Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_row_that_is_gone_is_named_with_its_stream_and_cut_and_an_event_says_so_once()
    {
        var box = Box("gw-gone", 201);
        box.AddBlock(6);
        AddBooks(box, 3, 3);
        box.AddBlock(4, bootTimeMs: 60_000, value: 100);
        var last = AddBooks(box, 5, 5);
        await CommitAsync(box.DeliverAll());
        await ExecuteAsync("DELETE FROM reading_row WHERE value = 101");
        await AuditAsync();
        await AuditAsync();
        var books = await BooksAsync(box);
        var found = Assert.Single(books.Differences);
        Assert.Equal((box.Spool.ToString(), (long)last - 2, (long)last - 1), (found.Spool, found.FirstNumber, found.LastNumber));
        Assert.Equal("pms2/pm2_5: 2 recorded, 1 stored", found.Text);
        Assert.Equal((1, 0), await Audit.CountAsync(Store, Stop));
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM event WHERE kind = 'books-differ'"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_row_deleted_after_its_cut_had_balanced_is_found_when_every_row_is_counted_anew_and_a_refill_mends_it()
    {
        var box = Box("gw-later", 202);
        box.AddBlock(6);
        AddBooks(box, 3, 3);
        await CommitAsync(box.DeliverAll());
        await AuditAsync();
        await ExecuteAsync("DELETE FROM reading_row WHERE value = 1");
        Assert.False((await BooksAsync(box)).Balances);
        Assert.Equal((1, 0), await Audit.CountAsync(Store, Stop));

        await Refill.RunAsync(Store, box.Gateway, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, Now, Stop);
        await AuditAsync();
        Assert.Equal((0, 1), await Audit.CountAsync(Store, Stop));
        await CommitAsync(box.DeliverAll(Lane.Backlog));
        await AuditAsync();
        Assert.Equal((0, 0), await Audit.CountAsync(Store, Stop));
        Assert.True((await BooksAsync(box)).Balances);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_box_that_counts_one_too_many_and_a_row_that_is_there_twice_are_found()
    {
        var (counts, twice) = (Box("gw-counts", 203), Box("gw-twice", 204));
        foreach (var box in new[] { counts, twice })
            box.AddBlock(6);
        AddBooks(counts, 4, 3);
        AddBooks(twice, 3, 3);
        await CommitAsync([.. counts.DeliverAll(), .. twice.DeliverAll()]);
        await ExecuteAsync("INSERT INTO reading_row (stream, time, value, quality, spool, sequence, historical) SELECT stream, time, value, quality, spool, sequence, historical FROM reading_row WHERE value = 2");
        await AuditAsync();
        Assert.Equal("the box counted 7 readings and numbered 6", Assert.Single((await BooksAsync(counts)).Differences).Text);
        // Both boxes have a reading of value 2.
        Assert.Equal("pms2/pm2_5: 3 recorded, 4 stored", Assert.Single((await BooksAsync(twice)).Differences).Text);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task What_is_parked_set_aside_and_tombstoned_is_in_the_books()
    {
        var box = Box("gw-terms", 205);
        box.AddBlock(2, value: 10, clock: ClockQuality.Restored);
        var parked = box.AddBlock(4, bootTimeMs: 30_000, value: 20, clock: ClockQuality.None);
        var aside = box.AddBlock(2, bootTimeMs: 40_000, value: 40, clock: ClockQuality.Restored);
        var gone = box.AddBlock(6, bootTimeMs: 50_000, value: 50, clock: ClockQuality.Restored);
        AddBooks(box, 7, 7);
        box.Add(new Record { Tombstone = new Tombstone { Spool = Bytes(box.Spool), FirstNumber = gone, LastNumber = gone, Reason = TombstoneReason.Thinned, FirstSequence = 9, LastSequence = 14, Counts = { Count("pms1", 3), Count("pms2", 3) } } });
        await RefuseValueAsync(40);
        await CommitAsync([.. box.Deliver(1, aside), .. box.Deliver(gone + 1, box.Head)]);
        await AcceptAllValuesAsync();
        await AuditAsync();
        var books = await BooksAsync(box);
        Assert.Equal((1, 0, true), (books.Cuts, books.Open, books.Balances));
        Assert.Equal([new StreamLine("pms1", "pm2_5", 7, 1, 2, 1, 3, 0), new StreamLine("pms2", "pm2_5", 7, 1, 2, 1, 3, 0)], books.Streams);

        // The clock comes late, and then the original that a tombstone stood for; its tombstone counts no more.
        box.AddClockFix();
        await CommitAsync([.. box.Deliver(box.Head, box.Head), .. box.Deliver(gone, gone, Lane.Backlog)]);
        await ExecuteAsync("UPDATE books_cut SET state = 0");
        await AuditAsync();
        Assert.Equal(["pms1/pm2_5 7 6 0", "pms2/pm2_5 7 6 0"], Lines(await BooksAsync(box)));
        Assert.Equal((0, 0), await Audit.CountAsync(Store, Stop));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM parked"));
        Assert.Equal((long)parked, await CountAsync("SELECT last FROM record_hash WHERE first_time IS NOT NULL AND first <= $1 AND last >= $1", (long)parked) >= (long)parked ? (long)parked : 0);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Where_damage_took_the_names_the_sum_must_agree_and_where_it_took_the_number_nothing_too_many_may_be_there()
    {
        var (sum, unknown, lying) = (Box("gw-sum", 206), Box("gw-unknown", 207), Box("gw-lying", 208));
        foreach (var (box, last) in new[] { (sum, 10), (unknown, 0), (lying, 7) })
        {
            box.AddBlock(4);
            box.AddBlock(6, bootTimeMs: 60_000);
            AddBooks(box, 5, 5);
            box.Add(new Record { Tombstone = new Tombstone { Spool = Bytes(box.Spool), FirstNumber = 3, LastNumber = 3, Reason = TombstoneReason.Damaged, FirstSequence = last == 0 ? 0u : 5, LastSequence = (ulong)last } });
            await CommitAsync([.. box.Deliver(1, 2), .. box.Deliver(4, box.Head)]);
        }

        await AuditAsync();
        Assert.True((await BooksAsync(sum)).Balances);
        Assert.True((await BooksAsync(unknown)).Balances);
        Assert.False((await BooksAsync(lying)).Balances);
        await ExecuteAsync("INSERT INTO reading_row (stream, time, value, quality, spool, sequence, historical) SELECT stream, time, value, quality, spool, sequence, historical FROM reading_row");
        Assert.True((await BooksAsync(sum)).Differences.Count > 0, "Twice as many rows as were recorded are not found.");
    }

    [Fact(Timeout = TestMsMax)]
    public async Task The_next_process_closes_the_books_of_one_that_was_killed()
    {
        var box = Box("gw-killed", 209);
        box.AddBlock(6);
        var next = Box("gw-killed", 210);
        next.Add(new Record { Books = new Books { Spool = Bytes(box.Spool), LastNumber = box.Head, LastSequence = 6, Recorded = { Count("pms1", 3), Count("pms2", 3) } } });
        // Before anything of the old spool has come.
        await CommitAsync(next.DeliverAll());
        await AuditAsync();
        Assert.Equal((0, 1), await Audit.CountAsync(Store, Stop));
        await CommitAsync(box.DeliverAll(Lane.Backlog));
        await ExecuteAsync("DELETE FROM reading_row WHERE value = 6");
        await AuditAsync();
        Assert.Equal("pms2/pm2_5: 3 recorded, 2 stored", Assert.Single((await BooksAsync(box)).Differences).Text);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Two_spools_that_follow_the_same_one_come_of_two_copies_of_a_medium_and_that_is_said()
    {
        var first = Box("gw-fork", 220);
        await CommitAsync(first.DeliverAll());
        StoreEvent? Follow(int seed, TestBox after, out TestBox next)
        {
            next = new TestBox("gw-fork", seed);
            next.Add(new Record { Opening = new Opening { Predecessor = Bytes(after.Spool), PredecessorLastNumber = after.Head }, Catalog = new Catalog { Site = "s", Streams = { new EdgeHub.Wire.Proto.Stream { Sensor = "pms1", Quantity = "pm2_5" } } } });
            return CommitAsync(next.DeliverAll()).GetAwaiter().GetResult().Events.SingleOrDefault();
        }

        Assert.Null(Follow(221, first, out var second));
        Assert.Null(Follow(222, second, out _));
        // The image of the first day is put back.
        Assert.Contains(second.Spool.ToString(), Follow(223, first, out var again)!.Text, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM event WHERE kind = 'restored-image'"));
        // What comes twice is told once.
        Assert.Empty((await CommitAsync(again.DeliverAll())).Events);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_box_of_a_version_before_books_has_none_and_that_is_no_alarm()
    {
        var box = new TestBox("gw-old-version", 211);
        box.AddCatalog();
        box.AddBlock();
        await CommitAsync(box.DeliverAll());
        await AuditAsync();
        Assert.Equal((0, true), ((await BooksAsync(box)).Cuts, (await BooksAsync(box)).Balances));
        Assert.Null(await FullAudit.RunAsync(Store, "gw-nobody", Now, Stop));
    }

    async Task AuditAsync()
    {
        await ExecuteAsync("UPDATE books_cut SET due = 0");
        while ((await Audit.RunDueAsync(Store, Now, 2, Stop)).Judged == 2)
        {
        }
    }

    async Task<GatewayBooks> BooksAsync(TestBox box) => (await FullAudit.RunAsync(Store, box.Gateway, Now, Stop))!;

    static IEnumerable<string> Lines(GatewayBooks books) => books.Streams.Select(stream => $"{stream.Sensor}/{stream.Quantity} {stream.Recorded} {stream.Stored} {stream.Difference}");

    static TestBox Box(string gateway, int seed)
    {
        var box = new TestBox(gateway, seed);
        box.AddCatalog();
        return box;
    }

    static ulong AddBooks(TestBox box, params ulong[] counts)
    {
        var books = new Books { LastSequence = (ulong)box.Sequence };
        for (var i = 0; i < counts.Length; i++)
            books.Recorded.Add(Count($"pms{i + 1}", counts[i]));
        return box.Add(new Record { Books = books });
    }

    static StreamCount Count(string sensor, ulong count) => new() { Sensor = sensor, Quantity = "pm2_5", Count = count };

    static ByteString Bytes(SpoolId spool) => ByteString.CopyFrom(spool.ToByteArray());
}
