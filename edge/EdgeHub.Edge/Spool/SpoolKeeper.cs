using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Hosting;

namespace EdgeHub.Edge.Spool;

/// <summary>Turns <see cref="Spools.Keep"/>: the spool's work that no reading waits for.</summary>
public sealed class SpoolKeeper(Spools spools, Watchdog watchdog, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Sealing or thinning a file on a slow card takes seconds; minutes mean that the medium hangs.</summary>
    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        async () =>
        {
            var progress = watchdog.Register("spool keeper", StallLimit);
            using var timer = new PeriodicTimer(Interval, time);
            do
            {
                progress.Beat();
                spools.Keep();
            }
            while (await WaitAsync(timer, stoppingToken));
        },
        stoppingToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default).Unwrap();

    static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
