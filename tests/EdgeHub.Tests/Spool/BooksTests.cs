using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Hosting.Progress;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Record = EdgeHub.Wire.Proto.Record;

namespace EdgeHub.Tests.Spool;

/// <summary>What the box says of its own counts.</summary>
public sealed class BooksTests
{
    const int TimeoutMs = 30_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeoutMs)]
    public async Task A_spool_begins_with_books_tells_them_each_hour_with_news_and_at_a_clean_stop()
    {
        var lab = new SpoolLab(new SimulatedDisk());
        using var spools = lab.Open();
        var readings = Channel.CreateBounded<Reading>(64);
        using var recorder = Recorder(lab, spools, readings.Reader);
        await recorder.StartAsync(Stop);
        await RecordAsync(lab, spools, readings, 3);
        lab.Time.Advance(TimeSpan.FromHours(1));
        await UntilAsync(lab, () => Books(spools).Count == 2);
        // Nothing happened since: nothing is said.
        lab.Time.Advance(TimeSpan.FromHours(3));
        for (var i = 0; i < 100; i++)
            await TurnAsync(lab);
        Assert.Equal(2, Books(spools).Count);
        await RecordAsync(lab, spools, readings, 2);
        await recorder.StopAsync(Stop);
        spools.Keep();

        Assert.Equal([(2, 0), (6, 3), (9, 5)], Books(spools).Select(books => (books.Number, (int)books.Books.Recorded[0].Count)));
        Assert.All(Books(spools), books => Assert.Equal((books.Books.Recorded[0].Count, 2), (books.Books.LastSequence, books.Books.Recorded.Count)));
        Assert.Equal(0, spools.Health.BooksDifferences);
        Assert.Equal((5ul, (ulong?)5), Assert.Single(Assert.Single(spools.Books("box", recorder.Counts, []).Spools).Streams.Select(stream => (stream.Recorded, stream.Journal))));
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_process_that_was_killed_had_recorded_is_counted_by_the_next(bool hadBooks)
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk);
        var spools = lab.Open();
        if (hadBooks)
            spools.Append([SpoolLab.Block(0, 4), Draft.OfRecord(SpoolClass.Normal, new Record { Books = new Books { Recorded = { new StreamCount { Sensor = "air-1", Quantity = "pm2_5", Count = 4 }, new StreamCount { Sensor = "smoke-1", Quantity = "alarm" } } } })]);
        for (var i = 0; i < 1500; i++)
            spools.Append([SpoolLab.Block(i, 2)]);
        var before = Assert.Single(spools.Views());
        lab.Abandon();

        var next = new SpoolLab(disk, 2);
        using var again = next.Open();
        var readings = Channel.CreateBounded<Reading>(64);
        using var recorder = Recorder(next, again, readings.Reader);
        await recorder.StartAsync(Stop);
        await RecordAsync(next, again, readings, 1);
        await recorder.StopAsync(Stop);
        var closing = Assert.Single(Books(again, own: false)).Books;
        Assert.Equal((before.Id, before.Head), (SpoolId.Read(closing.Spool.Span), closing.LastNumber));
        Assert.Equal((hadBooks ? 3004ul : 3000ul, closing.LastSequence), (closing.Recorded[0].Count, closing.Recorded[0].Count));
        again.Dispose();

        // That one ended cleanly and said so itself.
        using var third = new SpoolLab(disk, 3).Open();
        Assert.Empty(third.Closings());
    }

    [Fact]
    public void Where_records_are_lost_nobody_says_how_many_readings_there_were()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk);
        var spools = lab.Open();
        for (var i = 0; i < 20; i++)
            spools.Append([SpoolLab.Block(i, 2)]);
        var view = Assert.Single(spools.Views());
        disk.Damage(spools.Read(view.Id, 7, 7, 1, 1 << 20)!.Records[0].Span);
        lab.Abandon();
        using var again = new SpoolLab(disk, 2).Open();
        Assert.Empty(again.Closings());
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_recorder_that_counts_one_too_many_is_found_and_named()
    {
        var lab = new SpoolLab(new SimulatedDisk());
        using var spools = lab.Open();
        var told = new List<string>();
        spools.BooksDiffer += told.Add;
        var readings = Channel.CreateBounded<Reading>(64);
        using var recorder = Recorder(lab, spools, readings.Reader);
        await recorder.StartAsync(Stop);
        await RecordAsync(lab, spools, readings, 3);
        recorder.Counts.Count(new Reading(0, 0, 0, Quality.Good));
        await recorder.StopAsync(Stop);
        spools.Keep();
        Assert.Equal((1, SpoolCondition.Degraded), (spools.Health.BooksDifferences, spools.Health.Condition));
        Assert.Contains("air-1/pm2_5", Assert.Single(told), StringComparison.Ordinal);
        Assert.Contains("4 recorded, 3 in the journal", spools.Books("box", recorder.Counts, []).Difference, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task What_the_medium_refused_and_took_later_is_counted_once()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk);
        using var spools = lab.Open();
        var readings = Channel.CreateBounded<Reading>(64);
        using var recorder = Recorder(lab, spools, readings.Reader);
        await recorder.StartAsync(Stop);
        await RecordAsync(lab, spools, readings, 1);
        var refuses = true;
        disk.Before = (operation, _) =>
        {
            if (refuses && operation is not "read")
                throw new IOException("no space left on device", 28);
        };
        readings.Writer.TryWrite(new Reading(0, 6_000, 7, Quality.Good));
        await UntilAsync(lab, () => spools.Health.Condition != SpoolCondition.Ok);
        // Stopped while a block is held: the last try takes it.
        refuses = false;
        await recorder.StopAsync(Stop);
        spools.Keep();
        Assert.Equal((2ul, 2ul, 0), (recorder.Counts.Recorded[0], spools.Health.RecordedReadings, spools.Health.BooksDifferences));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task What_was_due_and_never_read_is_told_with_its_reason()
    {
        var lab = new SpoolLab(new SimulatedDisk());
        using var spools = lab.Open();
        var readings = Channel.CreateBounded<Reading>(64);
        using var recorder = Recorder(lab, spools, readings.Reader, () => [new Unread { Sensor = "air-1", Quantity = "pm2_5", Reason = "crc", Count = 2 }, new Unread { Sensor = "smoke-1", Quantity = "alarm", Reason = "off", Count = 9 }]);
        await recorder.StartAsync(Stop);
        // Nothing was read at all: that is told too.
        await UntilAsync(lab, () => spools.Views().Count == 2, TimeSpan.FromMinutes(1));
        await recorder.StopAsync(Stop);
        Assert.Equal(["air-1 crc 2", "smoke-1 off 9"], Books(spools).SelectMany(books => books.Books.Unread).Select(one => $"{one.Sensor} {one.Reason} {one.Count}").Order());
    }

    [Fact]
    public void Nothing_is_compared_over_a_record_that_could_not_be_read()
    {
        var tally = new SpoolTally();
        tally.Take(new Record { Opening = new Opening(), Catalog = SpoolLab.Catalog });
        tally.Miss();
        Assert.Empty(tally.Counts);
        Assert.Null(tally.Take(Told(7)));
        Assert.Equal(7ul, tally.Counts[0].Count);
        Assert.Equal(new BooksDifference("air-1/pm2_5", 8, 7), tally.Take(Told(8)));
        Assert.Null(tally.Take(Told(8)));
    }

    static Record Told(ulong count) => new() { Books = new Books { Recorded = { new StreamCount { Sensor = "air-1", Quantity = "pm2_5", Count = count } }, LastSequence = count } };

    static List<(int Number, Books Books)> Books(Spools spools, bool own = true) =>
    [
        .. spools.Views().Where(view => view.IsCurrent).SelectMany(view => SpoolLab.ReadAll(spools, view)).OrderBy(pair => pair.Key)
            .Select(pair => ((int)pair.Key, RecordCodec.TryDecode(pair.Value, out _)!.Books)).Where(pair => pair.Books is not null && pair.Books.Spool.IsEmpty == own),
    ];

    static Recorder Recorder(SpoolLab lab, Spools spools, ChannelReader<Reading> readings, Func<IReadOnlyList<Unread>>? unread = null) =>
        new(readings, spools, lab.Options, SpoolLab.Catalog, new BoxClock(lab.Time, 7, () => lab.Time.GetUtcNow().ToUnixTimeMilliseconds(), () => true, 0), new Watchdog(lab.Time), lab.Time, NullLogger<Recorder>.Instance) { Unread = unread ?? (() => []) };

    static async Task RecordAsync(SpoolLab lab, Spools spools, Channel<Reading> readings, int count)
    {
        var before = spools.Health.RecordedReadings;
        for (var i = 1; i <= count; i++)
        {
            readings.Writer.TryWrite(new Reading(0, 5_000 + i, i, Quality.Good));
            await UntilAsync(lab, () => spools.Health.RecordedReadings == before + (ulong)i);
        }
    }

    static async Task UntilAsync(SpoolLab lab, Func<bool> condition, TimeSpan? step = null)
    {
        while (!condition())
            await TurnAsync(lab, step);
    }

    // Virtual time goes on in small steps.
    static async Task TurnAsync(SpoolLab lab, TimeSpan? step = null)
    {
        lab.Time.Advance(step ?? TimeSpan.FromMilliseconds(100));
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Stop);
    }
}
