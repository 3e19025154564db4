using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;
using Record = EdgeHub.Wire.Proto.Record;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>The page of the suite about time: boots that never got a clock, and minutes that stood for readings which came after all.</summary>
public abstract class EndedBootTests : ReadingStoreSuite
{
    const long Later = TestBox.Offset + 100_000_000;

    [Fact(Timeout = TestMsMax)]
    public async Task Blocks_of_a_boot_that_ended_without_a_clock_get_the_time_between_their_neighbours_and_say_so()
    {
        var (before, undated, after) = await ThreeBootsAsync("gw-bounded");
        var told = Assert.Single(await Committer.BoundAsync(Status(after, undated), Stop));
        Assert.Contains("ended without a clock", told.Text, StringComparison.Ordinal);
        Assert.Equal(4, await CountAsync($"SELECT count(*) FROM reading WHERE quality = {(int)Quality.UncertainTime} AND grade = 'uncertain'"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM parked"));
        // After the newest reading before it (boot time 4000 of the first boot), before the start of the next boot.
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM clock_fix WHERE source = 0 AND (unix_offset_ms + 1000 < $1 OR unix_offset_ms + 4000 > $2)", TestBox.Offset + 4000, Later));
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM event WHERE kind = 'time-bounded'"));
        Assert.Equal(before.Sequence + undated.Sequence + after.Sequence, await RowsAsync("gw-bounded"));

        // The rows never move, whatever comes.
        var times = await TextsAsync("SELECT time FROM reading ORDER BY spool, sequence");
        undated.AddClockFix();
        await CommitAsync(undated.DeliverAll());
        Assert.Empty(await Committer.BoundAsync(Status(after, undated), Stop));
        Assert.Equal(times, await TextsAsync("SELECT time FROM reading ORDER BY spool, sequence"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_boot_is_not_bounded_while_it_lives_or_a_clock_may_still_be_on_its_way()
    {
        var (_, undated, after) = await ThreeBootsAsync("gw-hasty");
        Assert.Empty(await Committer.BoundAsync(Status(undated), Stop));
        undated.AddBlock(bootTimeMs: 9000, clock: ClockQuality.None);
        Assert.Empty(await Committer.BoundAsync(Status(after, undated), Stop));
        Assert.Empty(await Committer.BoundAsync(Status(after) with { Online = false }, Stop));
        // The clock was on its way.
        undated.AddClockFix(TestBox.Offset + 50_000_000);
        await CommitAsync(undated.Deliver(3, undated.Head, Lane.Backlog));
        Assert.Empty(await Committer.BoundAsync(Status(after, undated), Stop));
        Assert.Equal(0, await CountAsync($"SELECT count(*) FROM reading WHERE quality = {(int)Quality.UncertainTime}"));
        Assert.Equal(16, await RowsAsync("gw-hasty"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_later_start_of_the_same_boot_that_knows_the_time_dates_the_blocks_of_the_earlier_one()
    {
        var early = new TestBox("gw-restart", 81, boot: 9);
        early.AddCatalog();
        early.AddBlock(clock: ClockQuality.None);
        await CommitAsync(early.DeliverAll());
        Assert.Equal(0, await RowsAsync("gw-restart"));
        var late = new TestBox("gw-restart", 82, boot: 9);
        late.AddCatalog();
        late.AddBlock(bootTimeMs: 50_000);
        await CommitAsync(late.DeliverAll());
        Assert.Equal(8, await CountAsync("SELECT count(*) FROM reading WHERE quality = 0"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Minutes_that_stood_for_a_thinned_original_go_when_it_comes_after_all()
    {
        var lost = new TestBox("gw-minutes", 83);
        lost.AddCatalog();
        lost.AddBlock(bootTimeMs: 60_000);
        lost.AddBlock(bootTimeMs: 120_000);
        await CommitAsync(lost.Deliver(1, 1));
        var next = new TestBox("gw-minutes", 84);
        var aggregates = new Aggregates { Spool = ByteString.CopyFrom(lost.Spool.ToByteArray()), CatalogNumber = 1, BootId = ByteString.CopyFrom(new SpoolId(lost.Boot).ToByteArray()) };
        foreach (var minute in new ulong[] { 60_000, 120_000 })
            for (var stream = 0u; stream < 2; stream++)
                aggregates.Minutes.Add(new Minute { Stream = stream, BootTimeMs = minute, Minimum = 1, Mean = 2, Maximum = 3, Count = 2 });
        next.Add(new Record { Aggregates = aggregates });
        next.AddTombstone(lost.Spool, 2, 3);
        await CommitAsync(next.DeliverAll());
        Assert.Equal(4, await MinutesAsync());

        await CommitAsync(lost.Deliver(3, 3, Lane.Backlog));
        Assert.Equal(2, await MinutesAsync());
        await CommitAsync(lost.Deliver(2, 2, Lane.Backlog));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM side_record WHERE kind = 'aggregates'"));
        Assert.Equal(8, await RowsAsync("gw-minutes"));
        // What went is not asked for again, and coming again it is the same record.
        Assert.Empty(await MissingQuery.FindAsync(Store, Status(next), Stop));
        Assert.Equal(0, (await CommitAsync(next.DeliverAll())).Equivocations);
    }

    private protected static GatewayStatus Status(TestBox present, params TestBox[] older) => new(
        present.Gateway,
        true,
        "1",
        new SpoolId(present.Boot).ToString(),
        0,
        "ok",
        new Dictionary<string, string>(),
        [.. older.Append(present).Select(box => new SpoolStatus(box.Spool, SpoolClass.Normal, box.Head, [new NumberRange(1, 2)], box.Head > 2 || box == present ? [new NumberRange(box.Head, box.Head)] : []))]);

    async Task<(TestBox Before, TestBox Undated, TestBox After)> ThreeBootsAsync(string gateway)
    {
        var (before, undated, after) = (new TestBox(gateway, 71), new TestBox(gateway, 72), new TestBox(gateway, 73, offset: Later));
        foreach (var (box, clock) in new[] { (before, ClockQuality.Ntp), (undated, ClockQuality.None), (after, ClockQuality.Ntp) })
        {
            box.AddCatalog();
            box.AddBlock(clock: clock);
            await CommitAsync(box.DeliverAll());
        }

        Assert.Equal(8, await RowsAsync(gateway));
        return (before, undated, after);
    }

    async Task<int> MinutesAsync()
    {
        await using var transaction = await Store.BeginAsync(Stop);
        var rows = await transaction.QueryAsync("SELECT bytes FROM side_record WHERE kind = 'aggregates'", reader => (byte[])reader[0], Stop);
        return RecordCodec.TryDecode(Assert.Single(rows), out _)!.Aggregates.Minutes.Count;
    }
}
