using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Hosting.Progress;
using EdgeHub.Tests.Sensors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Hosting;

public sealed class HangingLoopTests
{
    const string Fed = "WATCHDOG=1";
    const string Config = """{ "sensors": [ { "id": "pms1", "driver": "pms5003", "port": "tcp:127.0.0.1:1" } ] }""";

    readonly FakeTimeProvider time = new();
    readonly RecordingNotifier notifier = new();
    readonly HeardLog<WatchdogFeeder> log = new();

    [Fact(Timeout = 60_000)]
    public async Task A_line_that_hangs_is_named_in_the_log_and_ends_the_feeding()
    {
        // The open never returns: as a driver of the kernel that hangs.
        await using var rig = new SamplerRig(Config, time, (_, stop) => NeverAsync(stop));
        rig.Begin();
        Assert.Equal(1, Look(rig.Watchdog));
        rig.Pass(time, TimeSpan.FromSeconds(121));
        Assert.Equal(0, Look(rig.Watchdog));
        Assert.Contains(log.Lines, line => line.StartsWith("The loop line tcp:127.0.0.1:1 has made no progress", StringComparison.Ordinal));
        Assert.Contains(notifier.Said, said => said.StartsWith("STATUS=No progress: line tcp:127.0.0.1:1", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_line_without_a_device_and_a_silent_one_are_states_and_feed_on()
    {
        var opens = 0;
        await using var rig = new SamplerRig(Config, time, (uri, _) => opens++ == 0
            ? throw new LineException(EdgeHub.Edge.Sensors.Condition.Waiting, "no such device.")
            : Task.FromResult(new Line("silent", new SilentStream(), static () => true, time)));
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(125));
        Assert.Equal(2, opens);
        Assert.Equal(1, Look(rig.Watchdog));
        Assert.Empty(log.Lines);
    }

    int Look(Watchdog watchdog)
    {
        using var lifetime = new NoLifetime();
        using var feeder = new WatchdogFeeder(watchdog, notifier, lifetime, static () => "Ok.", TimeSpan.FromSeconds(15), time, log);
        var before = notifier.Count(Fed);
        feeder.Look();
        return notifier.Count(Fed) - before;
    }

    static async Task<Line> NeverAsync(CancellationToken stop)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        throw new InvalidOperationException("It never ends.");
    }
}
