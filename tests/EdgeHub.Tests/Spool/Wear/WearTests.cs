using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Wear;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Settings;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeHub.Tests.Spool.Wear;

/// <summary>What is written to the medium, and how the flush interval keeps to a budget.</summary>
public sealed class WearTests
{
    const double Terabyte = 1e12;

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(4_800, 0)] // Only commits cost.
    [InlineData(9_000, 50e6)] // A dear file system, and 50 MB a day that no interval saves.
    [InlineData(3_000, 120e6)]
    public void The_flush_interval_grows_until_the_budget_is_met_and_shrinks_when_there_is_room(double bytesPerCommit, double fixedPerDay)
    {
        // 1 TB in 10 years: 274 MB a day, and a commit each second would cost 415 MB.
        var options = new WearOptions { EnduranceBytes = Terabyte, Years = 10 };
        var step = new WearStep(options, Second);
        var (hours, bytes, late) = (0, 0L, 0.0);
        for (; hours < 24 * 7; hours++)
        {
            step.Take(hours * 3_600_000L, bytes);
            var hour = (fixedPerDay / 24) + (3600 / step.FlushInterval.TotalSeconds * bytesPerCommit);
            bytes += (long)hour;
            late += hours >= 24 * 6 ? hour : 0;
        }

        Assert.InRange(late, 0.7 * options.BytesPerDay!.Value, options.BytesPerDay.Value);
        Assert.False(step.IsOver);
        // The instruments fall silent: a power cut costs little again.
        for (; hours < 24 * 8; hours++)
            step.Take(hours * 3_600_000L, bytes);
        Assert.Equal(Second, step.FlushInterval);
    }

    [Fact]
    public void A_budget_that_no_interval_meets_is_said_and_the_longest_interval_kept()
    {
        var step = new WearStep(new WearOptions { EnduranceBytes = Terabyte, Years = 10, FlushIntervalMax = TimeSpan.FromSeconds(20) }, Second);
        for (var hour = 0; hour < 12; hour++)
            step.Take(hour * 3_600_000L, hour * 1_000_000_000L);
        Assert.Equal((TimeSpan.FromSeconds(20), true), (step.FlushInterval, step.IsOver));
    }

    [Fact]
    public void Without_a_known_endurance_the_interval_is_what_was_configured()
    {
        var step = new WearStep(new WearOptions(), Second);
        for (var hour = 0; hour < 12; hour++)
            Assert.False(step.Take(hour * 3_600_000L, hour * 1_000_000_000_000L));
        Assert.Equal(Second, step.FlushInterval);
        // One that is longer already is never shortened.
        Assert.Equal(TimeSpan.FromSeconds(50), new WearStep(new WearOptions { EnduranceBytes = Terabyte }, TimeSpan.FromSeconds(50)).FlushInterval);
    }

    [Fact]
    public void The_first_hour_begins_with_what_a_commit_is_known_to_cost()
    {
        // 0.2 TB in 5 years: nine tenths of 109.5 MB a day are 20,534 commits.
        Assert.Equal(4.21, new WearStep(new WearOptions { EnduranceBytes = 0.2 * Terabyte }, Second).FlushInterval.TotalSeconds, 0.01);
    }

    [Fact]
    public void An_urgent_reading_never_waits_for_the_medium_to_last()
    {
        var step = new RecorderStep(new SpoolOptions(), [SpoolClass.Normal, SpoolClass.Urgent]) { FlushInterval = TimeSpan.FromSeconds(30) };
        step.Take(new Reading(0, 100, 1, Quality.Good), 100);
        Assert.False(step.IsDue(30_099));
        step.Take(new Reading(1, 200, 1, Quality.Good), 200);
        Assert.True(step.IsDue(250));
    }

    [Fact]
    public void What_is_written_counts_in_whole_pages()
    {
        using var scratch = new ScratchDirectory();
        var written = new WrittenBytes();
        using var disk = new PosixDisk(scratch.Path) { Written = written };
        using var file = disk.Create("journal");
        file.Write(0, new byte[100]);
        Assert.Equal(4096, written.Bytes);
        // Two pages are touched by few bytes.
        file.Write(4090, new byte[12]);
        Assert.Equal(4096 * 3, written.Bytes);
        file.Write(8192, new byte[4096]);
        Assert.Equal(4096 * 4, written.Bytes);
    }

    [Fact]
    public void The_whole_device_under_a_partition_is_asked()
    {
        using var scratch = new ScratchDirectory();
        var card = Directory.CreateDirectory(scratch.File("devices/mmcblk0/mmcblk0p2")).FullName;
        File.WriteAllText(Path.Combine(card, "partition"), "2\n");
        File.WriteAllText(Path.Combine(card, "stat"), "1 1 1 1 1 1 10 1 1 1 1\n");
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(card)!, "stat"), "     9    0   80    3   250   14    4000    9   0   12   12    0 0 0 0 5 3\n");
        // Whatever device this directory is really on, sysfs says that it is this card.
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["--format=%Hd:%Ld", scratch.Path]) { RedirectStandardOutput = true })!;
        var device = stat.StandardOutput.ReadToEnd().Trim();
        Directory.CreateDirectory(scratch.File("dev/block"));
        File.CreateSymbolicLink(scratch.File($"dev/block/{device}"), "../../devices/mmcblk0/mmcblk0p2");
        Assert.Equal(4000 * 512, BlockDevice.Under(scratch.Path, scratch.Path)?.Written());
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(card)!, "stat"), "no numbers");
        Assert.Null(BlockDevice.Under(scratch.Path, scratch.Path)?.Written());
        Assert.Null(BlockDevice.Under(scratch.Path, scratch.File("nothing")));
    }

    [Fact]
    public void Bytes_a_day_a_reading_and_the_life_of_the_medium_are_told_and_a_device_that_is_no_longer_counted_is_not_mixed_in()
    {
        var time = new FakeTimeProvider();
        var (spool, device) = (0L, (long?)5_000_000_000L);
        using var watch = new WearWatch(new SpoolOptions { Wear = new WearOptions { EnduranceBytes = Terabyte } }, () => spool, () => device, () => 1000, new Watchdog(time), time, NullLogger<WearWatch>.Instance);
        watch.Look();
        Assert.Null(watch.Report.BytesPerDay);
        time.Advance(TimeSpan.FromHours(1));
        (spool, device) = (100_000, device + 50_000_000);
        watch.Look();
        var report = watch.Report;
        Assert.Equal((50_000_000L, 1.2e9, 100.0), (report.DeviceBytes, report.BytesPerDay, report.BytesPerReading));
        Assert.Equal(2.28, report.LifeYears!.Value, 0.01);
        Assert.Contains("1.2 GB a day, 100 B a reading", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("lasts 2.3 years", report.ToString(), StringComparison.Ordinal);
        device = null;
        time.Advance(TimeSpan.FromMinutes(1));
        watch.Look();
        Assert.Equal((null, null), (watch.Report.DeviceBytes, watch.Report.BytesPerDay));
    }

    [Fact]
    public void Years_without_an_endurance_are_a_mistake_that_is_named()
    {
        Assert.Equal(30 * Terabyte, Read("""{ "wear": { "enduranceTb": 30 } }""", out var errors).EnduranceBytes);
        Assert.Empty(errors);
        Read("""{ "wear": { "years": 3 } }""", out errors);
        Assert.Contains("enduranceTb", Assert.Single(errors).ToString(), StringComparison.Ordinal);
    }

    static WearOptions Read(string json, out IReadOnlyList<SettingsError> errors)
    {
        var document = SettingsDocument.FromText(json, "edgehub.json", "EDGEHUB_", new Dictionary<string, string>());
        var options = WearOptions.Read(document.Root.Section("wear"));
        errors = document.Errors;
        return options;
    }
}
