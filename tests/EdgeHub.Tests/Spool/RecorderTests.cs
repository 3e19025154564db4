using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Spool;
using EdgeHub.Hosting.Progress;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeHub.Tests.Spool;

public sealed class RecorderTests
{
    const int TimeoutMs = 30_000;

    static readonly SpoolOptions Options = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_block_is_due_when_its_first_reading_is_a_flush_interval_old()
    {
        var step = new RecorderStep(Options, [SpoolClass.Normal, SpoolClass.Urgent]);
        Assert.Null(step.DueMs);
        step.Take(new Reading(0, 100, 1, Quality.Good), 100);
        step.Take(new Reading(0, 900, 2, Quality.Good), 900);
        Assert.False(step.IsDue(1099));
        Assert.True(step.IsDue(1100));
    }

    [Fact]
    public void An_urgent_reading_waits_only_for_the_rest_of_its_burst()
    {
        var step = new RecorderStep(Options, [SpoolClass.Normal, SpoolClass.Urgent]);
        step.Take(new Reading(0, 100, 1, Quality.Good), 100);
        step.Take(new Reading(1, 110, 1, Quality.Good), 110);
        step.Take(new Reading(1, 140, 0, Quality.Good), 140);
        Assert.False(step.IsDue(159));
        Assert.True(step.IsDue(160));
    }

    [Fact]
    public void A_full_block_waits_for_nothing()
    {
        var step = new RecorderStep(Options, [SpoolClass.Normal]);
        for (var i = 0; i < Options.BlockReadingsMax; i++)
            step.Take(new Reading(0, 100, i, Quality.Good), 100);
        Assert.True(step.IsFull);
        Assert.True(step.IsDue(100));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task When_the_medium_refuses_the_block_is_held_and_recorded_when_it_takes_again()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk);
        using var spools = lab.Open();
        var refuses = true;
        disk.Before = (operation, _) =>
        {
            if (refuses && operation is not "read")
                throw new IOException("no space left on device", 28);
        };
        var readings = Channel.CreateBounded<Reading>(64);
        using var recorder = Recorder(lab, spools, readings.Reader);
        await recorder.StartAsync(Stop);
        readings.Writer.TryWrite(new Reading(0, 5_000, 7, Quality.Good));
        await UntilAsync(lab, () => spools.Health.Condition != SpoolCondition.Ok);
        Assert.Equal(0ul, spools.Health.RecordedReadings);

        refuses = false;
        await UntilAsync(lab, () => spools.Health.RecordedReadings == 1);
        Assert.Equal(SpoolCondition.Ok, spools.Health.Condition);
        await recorder.StopAsync(Stop);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_clean_stop_records_what_the_channel_still_holds()
    {
        var lab = new SpoolLab(new SimulatedDisk());
        using var spools = lab.Open();
        var readings = Channel.CreateBounded<Reading>(64);
        for (var i = 0; i < 10; i++)
            readings.Writer.TryWrite(new Reading(0, 5_000 + i, i, Quality.Good));
        using var recorder = Recorder(lab, spools, readings.Reader);
        await recorder.StartAsync(Stop);
        // Taken from the channel, and not yet due: virtual time stands.
        while (readings.Reader.Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, Stop);
        readings.Writer.TryWrite(new Reading(0, 6_000, 10, Quality.Good));
        await recorder.StopAsync(Stop);
        Assert.Equal(11ul, spools.Health.RecordedReadings);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_clock_that_becomes_right_is_recorded_before_the_next_block()
    {
        var lab = new SpoolLab(new SimulatedDisk());
        using var spools = lab.Open();
        var readings = Channel.CreateBounded<Reading>(64);
        // An hour before the earliest time that can be true.
        var floor = lab.Time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        var clock = new BoxClock(lab.Time, 7, () => lab.Time.GetUtcNow().ToUnixTimeMilliseconds(), () => true, floor);
        using var recorder = Recorder(lab, spools, readings.Reader, clock);
        await recorder.StartAsync(Stop);
        readings.Writer.TryWrite(new Reading(0, 5_000, 1, Quality.Good));
        await UntilAsync(lab, () => spools.Health.RecordedReadings == 1);
        lab.Time.Advance(TimeSpan.FromHours(2));
        readings.Writer.TryWrite(new Reading(0, 6_000, 2, Quality.Good));
        await UntilAsync(lab, () => spools.Health.RecordedReadings == 2);
        await recorder.StopAsync(Stop);

        var view = Assert.Single(spools.Views());
        // Between them the books: at the beginning, of the hour, at the stop.
        Assert.Equal(7ul, view.Head);
        Assert.Equal(ClockQuality.None, Record(spools, view, 3).Block.ClockQuality);
        Assert.Equal(ClockQuality.Ntp, Record(spools, view, 5).ClockFix.Source);
        Assert.Equal(ClockQuality.Ntp, Record(spools, view, 6).Block.ClockQuality);
    }

    static EdgeHub.Wire.Proto.Record Record(Spools spools, SpoolView view, ulong number) =>
        RecordCodec.TryDecode(spools.Read(view.Id, number, number, 1, 1 << 20)!.Records[0], out _)!;

    static Recorder Recorder(SpoolLab lab, Spools spools, ChannelReader<Reading> readings, BoxClock? clock = null) =>
        new(readings, spools, lab.Options, SpoolLab.Catalog, clock ?? new BoxClock(lab.Time, 7, () => lab.Time.GetUtcNow().ToUnixTimeMilliseconds(), () => true, 0), new Watchdog(lab.Time), lab.Time, NullLogger<Recorder>.Instance);

    // Virtual time goes on in small steps until it is so.
    static async Task UntilAsync(SpoolLab lab, Func<bool> condition)
    {
        while (!condition())
        {
            lab.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, Stop);
        }
    }
}
