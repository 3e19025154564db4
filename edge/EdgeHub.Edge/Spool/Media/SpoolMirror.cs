using Microsoft.Extensions.Hosting;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// Turns <see cref="Spools.Mirror"/>, after each commit and once a second. No watchdog waits for it: a second medium that hangs
/// is a state of the medium, and the box goes on without it.
/// </summary>
public sealed class SpoolMirror(Spools spools, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        async () =>
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var news = spools.MirrorNews;
                spools.Mirror();
                await WaitAsync(news, stoppingToken);
            }
        },
        stoppingToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default).Unwrap();

    async Task WaitAsync(Task news, CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(news, Task.Delay(Interval, time, either.Token));
        await either.CancelAsync();
    }
}
