using System.Data.Common;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// Drops the ledger's short hashes after <see cref="Kept"/>, at the start and each day: from then on the chain value at a run's end
/// proves the run alone. Eight bytes a record would otherwise outgrow the readings.
/// </summary>
public sealed partial class HashPruner(IReadingStore store, Watchdog watchdog, TimeProvider time, ILogger<HashPruner> logger) : BackgroundService
{
    /// <summary>How long a record's own hash tells other bytes under its number.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>An idle loop turns at least this often, so that it can be told from one that hangs.</summary>
    static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(10);

    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var progress = watchdog.Register("hash pruner", StallLimit);
        var due = TimeSpan.Zero;
        var started = time.GetTimestamp();
        while (true)
        {
            progress.Beat();
            if (time.GetElapsedTime(started) >= due)
            {
                await PruneAsync(stoppingToken);
                due = time.GetElapsedTime(started) + Interval;
            }

            await Task.Delay(IdleTurn, time, stoppingToken);
        }
    }

    // A database that is away is the receiver's to report; tomorrow is soon enough for this.
    async Task PruneAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await store.BeginAsync(cancellationToken);
            var runs = await LedgerTable.PruneHashesAsync(transaction, (time.GetUtcNow() - Kept).ToUnixTimeMilliseconds(), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (runs > 0)
                LogPruned(runs, Kept.TotalDays);
        }
        catch (Exception e) when (e is DbException or IOException or TimeoutException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(EventId = 430, Level = LogLevel.Information, Message = "The short hashes of {Runs} runs are older than {Days} days and were dropped.")]
    partial void LogPruned(int runs, double days);

    [LoggerMessage(EventId = 431, Level = LogLevel.Warning, Message = "Old hashes could not be dropped; the next try is tomorrow.")]
    partial void LogFailed(Exception error);
}
