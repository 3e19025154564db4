using System.Data.Common;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Outgoing;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Publish;

/// <summary>
/// The loop that tells the platform. It reads the outbox at its own pace and never holds up a commit or an ack.
/// Per topic it sends the newest value, at most one a <see cref="PublishOptions.Pace"/>; urgent readings every one, as
/// soon as they are committed. The cursor moves only when the broker has taken everything up to it.
/// </summary>
public sealed partial class Publisher(Outbox outbox, IBroker broker, PublishOptions options, RetainedKeeper? retained, Watchdog watchdog, TimeProvider time, ILogger<Publisher> logger) : BackgroundService
{
    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(5);

    readonly LoopProgress progress = watchdog.Register("publisher", options.Pace + StallLimit);
    readonly SemaphoreSlim wake = new(0, 1);
    bool failing;
    long liveReadings;
    long overtaken;

    /// <summary>A commit brought something: urgent readings go at once, and what of the rest is never sent is counted.</summary>
    public void Take(CommitResult committed)
    {
        ArgumentNullException.ThrowIfNull(committed);
        Interlocked.Add(ref liveReadings, committed.LiveReadings);
        Wake();
    }

    void Wake()
    {
        if (wake.CurrentCount == 0)
            try
            {
                wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else woke it between the look and the release: it is awake, and that is all that was wanted.
            }
    }

    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var last = time.GetTimestamp();
        while (true)
        {
            progress.Beat();
            var rest = options.Pace - time.GetElapsedTime(last);
            if (rest > TimeSpan.Zero && await WokenAsync(rest, stoppingToken))
            {
                await StepAsync(UrgentAsync, stoppingToken);
                continue;
            }

            last = time.GetTimestamp();
            await StepAsync(UrgentAsync, stoppingToken);
            await StepAsync(LatestAsync, stoppingToken);
            if (retained is not null)
                await StepAsync(retained.FlushAsync, stoppingToken);
        }
    }

    // A database or broker that is away must not end the loop: the outbox keeps everything, and the next pace tries again.
    async Task StepAsync(Func<CancellationToken, Task> step, CancellationToken stoppingToken)
    {
        try
        {
            await step(stoppingToken);
        }
        catch (Exception e) when (e is DbException or IOException or TimeoutException)
        {
            if (!failing)
                LogAway(e);
            failing = true;
            return;
        }

        failing = false;
    }

    async Task UrgentAsync(CancellationToken cancellationToken)
    {
        while (await outbox.UrgentAsync(options.UrgentMax, cancellationToken) is { Count: > 0 } due)
        {
            foreach (var reading in due)
                if (!await PublishAsync(reading, cancellationToken))
                    return;
            await outbox.UrgentDoneAsync(due[^1].UrgentKey, cancellationToken);
        }
    }

    async Task LatestAsync(CancellationToken cancellationToken)
    {
        // Taken before the outbox is asked: what is committed in between is in the next sum, and the balance evens it out.
        overtaken += Interlocked.Exchange(ref liveReadings, 0);
        while (await outbox.LatestAsync(options.TopicsMax, cancellationToken) is { Count: > 0 } due)
        {
            foreach (var reading in due)
                if (!await PublishAsync(reading, cancellationToken))
                    return;
            await outbox.DoneAsync(due[^1].Commit, cancellationToken);
            overtaken -= due.Count;
            if (due.Count < options.TopicsMax)
                break;
        }

        if (overtaken <= 0)
            return;
        PublishMetrics.Conflated.Add(overtaken);
        overtaken = 0;
    }

    async Task<bool> PublishAsync(CityReading reading, CancellationToken cancellationToken)
    {
        var taken = await broker.PublishAsync($"{options.Prefix}/{reading.Topic}", CityMessage.Of(reading), reading.Retain, cancellationToken);
        (taken ? PublishMetrics.Messages : PublishMetrics.Failures).Add(1);
        return taken;
    }

    async Task<bool> WokenAsync(TimeSpan limit, CancellationToken stoppingToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stoppingToken);
        try
        {
            await wake.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 600, Level = LogLevel.Warning, Message = "Publishing stands still; what waits stays in the outbox and is tried again.")]
    partial void LogAway(Exception error);
}
