using Microsoft.Extensions.Hosting;

namespace EdgeHub.Edge.Spool;

/// <summary>Turns <see cref="Spools.Keep"/>: the spool's work that no reading waits for.</summary>
public sealed class SpoolKeeper(Spools spools, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        async () =>
        {
            using var timer = new PeriodicTimer(Interval, time);
            do
                spools.Keep();
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
