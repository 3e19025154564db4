using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Hosting;

namespace EdgeHub.Edge.Composition;

/// <summary>Tells the counter of starts that this one was good: the city has acked something, or the daemon has lived long enough.</summary>
sealed class ProgressMark(Forwarder forwarder, StartCounter starts, Watchdog watchdog, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A turn looks at two numbers and once writes a small file; minutes mean that the medium hangs.</summary>
    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(5);

    readonly long startedAt = time.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var progress = watchdog.Register("progress mark", StallLimit);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            progress.Beat();
            if (forwarder.LastAckAt is not null || time.GetElapsedTime(startedAt) > StartCounter.ProgressAfter)
            {
                starts.Progressed();
                watchdog.Remove(progress);
                return;
            }
        }
    }
}
