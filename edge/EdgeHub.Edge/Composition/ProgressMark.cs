using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Hosting;

namespace EdgeHub.Edge.Composition;

/// <summary>Tells the counter of starts that this one was good: the city has acked something, or the daemon has lived long enough.</summary>
sealed class ProgressMark(Forwarder forwarder, StartCounter starts, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly long startedAt = time.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            if (forwarder.LastAckAt is not null || time.GetElapsedTime(startedAt) > StartCounter.ProgressAfter)
            {
                starts.Progressed();
                return;
            }
    }
}
