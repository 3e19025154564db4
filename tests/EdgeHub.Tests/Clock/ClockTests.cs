using EdgeHub.Edge.Clock;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Clock;

public sealed class ClockTests : IDisposable
{
    static readonly DateTimeOffset Built = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Now = Built.AddDays(300);

    readonly FakeTimeProvider time = new(Now);
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("edgehub-clock-");
    bool synchronized;
    long bootMs = 1000;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void A_time_before_the_build_or_before_one_that_passed_is_unknown()
    {
        var clock = Clock();
        Assert.Equal(ClockQuality.Restored, clock.Now().Quality);
        clock.PassedUnixMs = Now.AddMinutes(1).ToUnixTimeMilliseconds();
        Assert.Equal(ClockQuality.None, clock.Now().Quality);
        // A time server is believed against the last known time, which may have been wrong itself.
        synchronized = true;
        Assert.Equal(ClockQuality.Ntp, clock.Now().Quality);
        var old = new BoxClock(new FakeTimeProvider(DateTimeOffset.UnixEpoch), 1, () => bootMs, () => true, Built.ToUnixTimeMilliseconds());
        Assert.Equal(ClockQuality.None, old.Now().Quality);
    }

    [Fact]
    public void A_satellite_gives_the_time_where_no_server_does_and_is_believed_for_six_hours()
    {
        var clock = new BoxClock(new FakeTimeProvider(DateTimeOffset.UnixEpoch), 1, () => bootMs, () => synchronized, Built.ToUnixTimeMilliseconds());
        clock.Hear(new TimeFix(400, Built.AddYears(-20), TimeSpan.FromSeconds(1), "gps"));
        Assert.Equal(ClockQuality.None, clock.Now().Quality);
        clock.Hear(new TimeFix(600, Now, TimeSpan.FromMilliseconds(300), "gps"));
        Assert.Equal(new BlockClock(1, Now.ToUnixTimeMilliseconds() - 600, ClockQuality.Gnss), clock.Now());
        Assert.Equal(300, clock.ErrorMs);
        bootMs += (long)BoxClock.FixKept.TotalMilliseconds;
        Assert.Equal(ClockQuality.None, clock.Now().Quality);
    }

    [Fact]
    public void A_jump_of_more_than_two_seconds_is_told_and_a_slew_is_not()
    {
        var step = new ClockStep();
        Assert.Equal(TimeSpan.Zero, step.At(new BlockClock(1, 5000, ClockQuality.Restored), 0).Jump);
        Assert.Equal(TimeSpan.Zero, step.At(new BlockClock(1, 7000, ClockQuality.Restored), 10_000).Jump);
        Assert.Equal(TimeSpan.FromMilliseconds(-2001), step.At(new BlockClock(1, 4999, ClockQuality.Restored), 20_000).Jump);
        Assert.Equal(TimeSpan.Zero, step.At(new BlockClock(1, 4999, ClockQuality.Restored), 30_000).Jump);
    }

    [Fact]
    public void The_last_known_time_is_kept_each_ten_minutes_and_at_the_stop_and_only_when_somebody_told_it()
    {
        var step = new ClockStep();
        Assert.Null(step.At(new BlockClock(1, 5000, ClockQuality.Restored), 0, atStop: true).Save);
        Assert.Equal(5100, step.At(new BlockClock(1, 5000, ClockQuality.Ntp), 100).Save);
        Assert.Null(step.At(new BlockClock(1, 5000, ClockQuality.Ntp), 600_099).Save);
        Assert.Equal(605_100, step.At(new BlockClock(1, 5000, ClockQuality.Gnss), 600_100).Save);
        Assert.Equal(605_200, step.At(new BlockClock(1, 5000, ClockQuality.Gnss), 600_200, atStop: true).Save);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-7")]
    [InlineData("garbage")]
    public void A_damaged_floor_is_none_and_a_whole_one_outlives_a_restart(string text)
    {
        var path = Path.Combine(directory.FullName, "clock-floor");
        Assert.Equal(0, new ClockFloor(path).Read());
        File.WriteAllText(path, text);
        Assert.Equal(0, new ClockFloor(path).Read());
        new ClockFloor(path).Write(1_790_000_000_000);
        Assert.Equal(1_790_000_000_000, new ClockFloor(path).Read());
    }

    BoxClock Clock() => new(time, 1, () => bootMs, () => synchronized, Built.ToUnixTimeMilliseconds());
}
