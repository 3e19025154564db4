using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Gpio;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeHub.Edge.Finding;

/// <summary>
/// Reads every configured sensor once with the daemon's own loops, without recording: what this shows is what the daemon would read.
/// Outputs are left alone, because reading one would switch it to its safe state, and a counter counts from 0, because its total is the daemon's.
/// </summary>
static class OnceReading
{
    /// <summary>How often it is looked whether all have answered.</summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <param name="patience">How long to wait for those that do not answer.</param>
    public static async Task<SensorLook[]> ReadAsync(SensorsOptions options, LineOpeners open, BoxClock clock, TimeSpan patience, TimeProvider time, CancellationToken stop)
    {
        var read = options with { Sensors = [.. options.Sensors.Where(sensor => sensor.Driver != OutputDriver.Driver)] };
        var channel = Channel.CreateBounded<Reading>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using var metrics = new SensorsMetrics();
        using var sampler = new Sampler(read, channel.Writer, clock, metrics, open with { Total = static _ => new ForgottenTotal() }, static () => 0, new Watchdog(time), time, NullLogger<Sampler>.Instance);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = sampler.RunAsync(TaskScheduler.Default, done.Token);
        var begun = time.GetTimestamp();
        while (!running.IsCompleted && time.GetElapsedTime(begun) < patience && !SensorLook.All(sampler, clock.BootTimeMs).All(sensor => sensor.Answered))
            await Task.Delay(LookInterval, time, stop);
        var looks = SensorLook.All(sampler, clock.BootTimeMs);
        await done.CancelAsync();
        await running;
        return looks;
    }
}
