using System.Buffers.Binary;
using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Readings to durable blocks. While the medium refuses, the block that could not be written stays held and the channel fills
/// up in front of it; the Sampler counts what no longer fits. Sensing goes on, and nothing that was recorded is touched.
/// </summary>
public sealed partial class Recorder(ChannelReader<Reading> readings, Spools spools, SpoolOptions options, Catalog catalog, BoxClock clock, Watchdog watchdog, TimeProvider time, ILogger<Recorder> log) : BackgroundService
{
    static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause between two tries, so that recording starts again soon after space returned.</summary>
    static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(2);

    /// <summary>An idle loop turns at least this often, so that it can be told from one that hangs in a commit.</summary>
    static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(5);

    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(2);

    readonly LoopProgress progress = watchdog.Register("recorder", StallLimit);
    readonly RecorderStep step = new(options, [.. catalog.Streams.Select(stream => stream.SpoolClass is SpoolClass.Unspecified ? SpoolClass.Normal : stream.SpoolClass)]);
    readonly ulong[] recorded = new ulong[catalog.Streams.Count];
    readonly SortedSet<SpoolClass> undated = [];

    /// <summary>Readings recorded since this process started, by position of the stream in the catalog.</summary>
    public IReadOnlyList<ulong> Recorded => Array.AsReadOnly(recorded);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the caller's thread at once: a commit blocks.
        await Task.Yield();
        try
        {
            while (await WaitAsync(stoppingToken))
            {
                progress.Beat();
                Gather();
                if (step.IsDue(clock.BootTimeMs))
                    await CommitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopping(step.Count);
        }

        await DrainAsync();
    }

    // The next reading, or the moment a block is due, whichever comes first. False when no reading will ever come.
    async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        var wait = step.DueMs is { } due ? TimeSpan.FromMilliseconds(due - clock.BootTimeMs) : IdleTurn;
        if (wait > IdleTurn)
            wait = IdleTurn;
        if (wait <= TimeSpan.Zero || readings.TryPeek(out _))
            return true;
        using var timeout = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, timeout.Token);
        try
        {
            return await readings.WaitToReadAsync(either.Token) || step.Count > 0;
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return true;
        }
    }

    void Gather()
    {
        var now = clock.BootTimeMs;
        while (!step.IsFull && readings.TryRead(out var reading))
            step.Take(reading, now);
    }

    async Task CommitAsync(CancellationToken stoppingToken)
    {
        var drafts = Close();
        var isDurable = spools.Append(drafts);
        var pause = RetryMin;
        while (!isDurable)
        {
            await Task.Delay(pause, time, stoppingToken);
            progress.Beat();
            pause = pause * 2 < RetryMax ? pause * 2 : RetryMax;
            isDurable = spools.Retry();
        }

        Count(drafts);
    }

    List<Draft> Close()
    {
        var now = clock.Now();
        var drafts = step.Close(now);
        if (now.Quality == ClockQuality.None)
            undated.UnionWith(drafts.Select(draft => draft.Class));
        else if (undated.Count > 0)
        {
            // The clock became right: says so in each spool that has blocks without a time.
            drafts.InsertRange(0, undated.Select(spoolClass => Draft.OfRecord(spoolClass, new Record { ClockFix = ToFix(now) })));
            undated.Clear();
        }

        return drafts;
    }

    ClockFix ToFix(BlockClock now)
    {
        var boot = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(boot, now.Boot);
        return new ClockFix { BootId = ByteString.CopyFrom(boot), BootTimeMs = (ulong)clock.BootTimeMs, UnixOffsetMs = now.UnixOffsetMs, ErrorMs = (ulong)clock.ErrorMs, Source = now.Quality };
    }

    void Count(List<Draft> drafts)
    {
        foreach (var draft in drafts)
            foreach (ref readonly var reading in draft.Readings.Span)
                recorded[reading.Stream]++;
    }

    // At a clean stop: what the channel still holds, in one try. What does not fit was never recorded and nobody was told so.
    async Task DrainAsync()
    {
        do
        {
            Gather();
            var drafts = Close();
            if (drafts.Count == 0)
                return;
            if (!spools.Retry() || !spools.Append(drafts))
            {
                LogUnrecorded(drafts.Sum(draft => draft.Readings.Length));
                return;
            }

            Count(drafts);
            await Task.Yield();
        }
        while (readings.TryPeek(out _));
    }

    [LoggerMessage(230, LogLevel.Debug, "The recorder stops; {Count} readings are still to be recorded.")]
    private partial void LogStopping(int count);

    [LoggerMessage(231, LogLevel.Error, "{Count} readings could not be recorded at the stop: the medium refuses.")]
    private partial void LogUnrecorded(int count);
}
