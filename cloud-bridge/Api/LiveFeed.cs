using System.Collections.Concurrent;
using System.Data.Common;
using EdgeHub.CloudBridge.Store.Queries;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Api;

/// <summary>
/// One question a turn for all that listen, and only while somebody does. Who does not read fast enough is let go with a reason: what it
/// missed it finds again by the id of the last event that it has seen.
/// </summary>
public sealed partial class LiveFeed(IStoreReader store, Watchdog watchdog, TimeProvider time, ILogger<LiveFeed> logger) : BackgroundService
{
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Streams of one batch.</summary>
    public const int StreamsMax = 10_000;

    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(5);
    static readonly StreamFilter Everything = new("");

    readonly ConcurrentDictionary<LiveListener, bool> listeners = [];
    readonly SemaphoreSlim turn = new(1, 1);
    long? cursor;

    public int Count => listeners.Count;

    /// <summary>Listens from now on.</summary>
    /// <returns>The last commit that it will not be told of.</returns>
    internal async Task<long> AddAsync(LiveListener listener, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (listeners.IsEmpty || cursor is null)
                cursor = await LiveQuery.HeadAsync(store, cancellationToken);
            listeners.TryAdd(listener, true);
            return cursor.Value;
        }
        finally
        {
            turn.Release();
        }
    }

    internal void Remove(LiveListener listener) => listeners.TryRemove(listener, out _);

    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var progress = watchdog.Register("live feed", StallLimit);
        while (true)
        {
            progress.Beat();
            await Task.Delay(Pace, time, stoppingToken);
            if (listeners.IsEmpty)
                continue;
            try
            {
                await TurnAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbException or IOException or TimeoutException)
            {
                // The listeners wait; what came meanwhile is told when the database is back.
                LogFailed(e);
            }
        }
    }

    async Task TurnAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var batch = await LiveQuery.ReadAsync(store, Everything, cursor ?? 0, long.MaxValue, StreamsMax, cancellationToken);
            if (batch.Count == 0)
                return;
            cursor = batch[^1].Commit;
            foreach (var (listener, _) in listeners)
                if (!listener.Offer(batch))
                {
                    listeners.TryRemove(listener, out _);
                    ApiMetrics.LiveDropped.Add(1);
                }
        }
        finally
        {
            turn.Release();
        }
    }

    [LoggerMessage(EventId = 902, Level = LogLevel.Warning, Message = "The live feed stands still; the database did not answer.")]
    partial void LogFailed(Exception error);
}
