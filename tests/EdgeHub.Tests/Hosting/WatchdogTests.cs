using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Hosting;

public sealed class WatchdogTests : IDisposable
{
    const string Fed = "WATCHDOG=1";

    readonly FakeTimeProvider time = new();
    readonly RecordingNotifier notifier = new();
    readonly NoLifetime lifetime = new();
    readonly Watchdog watchdog;
    readonly WatchdogFeeder feeder;
    string sentence = "Ok.";

    public WatchdogTests()
    {
        watchdog = new Watchdog(time);
        feeder = new WatchdogFeeder(watchdog, notifier, lifetime, () => sentence, TimeSpan.FromSeconds(15), time, NullLogger<WatchdogFeeder>.Instance);
    }

    public void Dispose()
    {
        feeder.Dispose();
        lifetime.Dispose();
    }

    [Fact]
    public void The_service_manager_is_fed_only_while_every_loop_makes_progress()
    {
        var recorder = watchdog.Register("recorder", TimeSpan.FromSeconds(10));
        var forwarder = watchdog.Register("forwarder", TimeSpan.FromSeconds(60));
        feeder.Look();
        Assert.Equal(1, notifier.Count(Fed));

        time.Advance(TimeSpan.FromSeconds(11));
        forwarder.Beat();
        feeder.Look();
        Assert.Equal(1, notifier.Count(Fed));
        Assert.Contains("STATUS=No progress: recorder.", notifier.Said);

        recorder.Beat();
        feeder.Look();
        Assert.Equal(2, notifier.Count(Fed));
    }

    [Fact]
    public void A_loop_that_ended_on_purpose_is_not_waited_for()
    {
        var loop = watchdog.Register("line /dev/ttyUSB0", TimeSpan.FromSeconds(10));
        watchdog.Remove(loop);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(watchdog.Stalled());
    }

    [Fact]
    public void The_status_line_is_sent_when_it_changes_and_cannot_forge_a_field()
    {
        feeder.Look();
        feeder.Look();
        sentence = "Uplink away.\nMAINPID=1";
        feeder.Look();
        Assert.Equal(["STATUS=Ok.", Fed, Fed, "STATUS=Uplink away. MAINPID=1", Fed], notifier.Said);
    }

    [Theory]
    [InlineData("30000000", null, 15_000)]
    [InlineData("30000000", "42", 15_000)]
    [InlineData("30000000", "43", 5_000)]
    [InlineData("soon", null, 5_000)]
    [InlineData("0", null, 5_000)]
    public void The_pace_is_half_of_what_the_service_manager_asks_of_this_process(string microseconds, string? pid, int milliseconds)
    {
        var environment = new Dictionary<string, string> { ["WATCHDOG_USEC"] = microseconds };
        if (pid is not null)
            environment["WATCHDOG_PID"] = pid;
        Assert.Equal(milliseconds, WatchdogFeeder.IntervalFrom(environment, 42).TotalMilliseconds);
    }
}
