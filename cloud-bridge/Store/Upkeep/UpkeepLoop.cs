using System.Data.Common;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Store.Upkeep;

/// <summary>
/// At the start and each hour: partitions are made, old days packed, and what is older than it is to be kept is removed. Several bridges on one database
/// may do it at once. Nothing waits for it: while it fails, readings come in as before.
/// </summary>
public sealed partial class UpkeepLoop(IReadingStore store, UpkeepOptions options, Watchdog watchdog, TimeProvider time, ILogger<UpkeepLoop> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>An idle loop turns at least this often, so that it can be told from one that hangs.</summary>
    static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(10);

    static readonly TimeSpan StallLimit = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var progress = watchdog.Register("upkeep", StallLimit);
        if (store.Advice is { } advice)
            LogAdvice(advice);
        var due = TimeSpan.Zero;
        var started = time.GetTimestamp();
        while (true)
        {
            progress.Beat();
            if (time.GetElapsedTime(started) >= due)
            {
                await TurnAsync(stoppingToken);
                due = time.GetElapsedTime(started) + Interval;
            }

            await Task.Delay(IdleTurn, time, stoppingToken);
        }
    }

    // A database that is away is the receiver's to report; the next hour is soon enough for this.
    async Task TurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = time.GetUtcNow();
            if (options.RemoveBefore(now) is { } before && await Retention.RunAsync(store, before, now, cancellationToken) is > 0 and var removed)
            {
                StoreMetrics.Removed.Add(removed);
                LogRemoved(removed, options.RetentionDays);
            }

            if (await store.TidyAsync(now, options.CompactBefore(now), cancellationToken) is > 0 and var compacted)
            {
                StoreMetrics.Compacted.Add(compacted);
                LogCompacted(compacted, options.CompactAfterDays);
            }
        }
        catch (Exception e) when (e is DbException or IOException or TimeoutException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(EventId = 513, Level = LogLevel.Warning, Message = "{Advice}")]
    partial void LogAdvice(string advice);

    [LoggerMessage(EventId = 510, Level = LogLevel.Information, Message = "{Readings} readings are older than {Days} days and were packed into arrays; the views show them as before.")]
    partial void LogCompacted(long readings, int days);

    [LoggerMessage(EventId = 511, Level = LogLevel.Information, Message = "{Readings} readings are older than store.retention.days, {Days}, and were removed; the books count them as removed.")]
    partial void LogRemoved(long readings, int days);

    [LoggerMessage(EventId = 512, Level = LogLevel.Warning, Message = "Partitions, compaction or retention could not be done; readings come in as before, the next try is in an hour.")]
    partial void LogFailed(Exception error);
}
