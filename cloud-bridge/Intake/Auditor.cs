using System.Data.Common;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Accounting;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>Has the books compared: each cut once all records before it have come, at most some seconds later. Several bridges on one database may do it at once.</summary>
public sealed partial class Auditor(IReadingStore store, Watchdog watchdog, TimeProvider time, ILogger<Auditor> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>Judged in one transaction.</summary>
    const int CutsMax = 64;

    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(30);

    /// <summary>How many cuts differ and where to look; null when none does.</summary>
    public string? Trouble { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var progress = watchdog.Register("auditor", StallLimit);
        while (true)
        {
            progress.Beat();
            try
            {
                while (await TurnAsync(stoppingToken) == CutsMax)
                    progress.Beat();
            }
            catch (Exception e) when (e is DbException or IOException or TimeoutException)
            {
                // A database that is away is the receiver's to report.
                LogFailed(e);
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    async Task<int> TurnAsync(CancellationToken cancellationToken)
    {
        var (judged, news) = await Audit.RunDueAsync(store, time.GetUtcNow(), CutsMax, cancellationToken);
        foreach (var verdict in news)
            if (verdict.State == CutState.Differs)
                LogDiffers(verdict.Sentence);
            else
                LogBalanced(verdict.Sentence);
        var cuts = StoreMetrics.Cuts = await Audit.CountAsync(store, cancellationToken);
        Trouble = cuts.Differing == 0 ? null : $"The books differ at {cuts.Differing} cuts: what boxes recorded is not what is here. See which with: edgehub-bridge books.";
        return judged;
    }

    [LoggerMessage(EventId = 440, Level = LogLevel.Error, Message = "{Sentence} See edgehub-bridge books.")]
    partial void LogDiffers(string sentence);

    [LoggerMessage(EventId = 441, Level = LogLevel.Information, Message = "{Sentence}")]
    partial void LogBalanced(string sentence);

    [LoggerMessage(EventId = 442, Level = LogLevel.Warning, Message = "The books could not be compared; the next try is in some seconds.")]
    partial void LogFailed(Exception error);
}
