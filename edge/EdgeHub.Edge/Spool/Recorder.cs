using System.Buffers.Binary;
using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Readings to durable blocks. While the medium refuses, the block that could not be written stays held; what is read after it is
/// kept in memory once that has lasted <see cref="VolatileAfter"/>, and sent from there. Sensing goes on, and nothing that was recorded is touched.
/// </summary>
public sealed partial class Recorder(ChannelReader<Reading> readings, Spools spools, SpoolOptions options, Catalog catalog, BoxClock clock, Watchdog watchdog, TimeProvider time, ILogger<Recorder> log) : BackgroundService
{
    static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause between two tries, so that recording starts again soon after space returned.</summary>
    static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(2);

    /// <summary>A medium that refuses for so long is not waited for: readings go into memory only.</summary>
    static readonly TimeSpan VolatileAfter = TimeSpan.FromSeconds(5);

    /// <summary>How often what is due is then handed over.</summary>
    static readonly TimeSpan VolatileTurn = TimeSpan.FromMilliseconds(250);

    /// <summary>An idle loop turns at least this often, so that it can be told from one that hangs in a commit.</summary>
    static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(5);

    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(2);

    readonly LoopProgress progress = watchdog.Register("recorder", StallLimit);
    readonly RecorderStep step = new(options, RecorderCounts.ClassesOf(catalog));
    readonly RecorderCounts counts = new(catalog, options.BooksInterval) { Closings = spools.Closings };
    readonly SortedSet<SpoolClass> undated = [];

    // Handed to the spool and not yet known to be durable.
    List<Draft> pending = [];

    /// <summary>What was recorded since this process started.</summary>
    public RecorderCounts Counts => counts;

    /// <summary>Values that were due and never recorded since this process started, of every stream: the sensors' count, for the books.</summary>
    public Func<IReadOnlyList<Unread>> Unread { get; init; } = () => [];

    /// <summary>How often blocks of readings that are not urgent are closed; it may change.</summary>
    public Func<TimeSpan> FlushInterval { get; init; } = () => options.FlushInterval;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the caller's thread at once: a commit blocks.
        await Task.Yield();
        counts.Begin(clock.BootTimeMs);
        try
        {
            while (await WaitAsync(stoppingToken))
            {
                progress.Beat();
                Gather();
                if (step.IsDue(clock.BootTimeMs) || counts.IsDue(clock.BootTimeMs))
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
        step.FlushInterval = FlushInterval();
        while (!step.IsFull && readings.TryRead(out var reading))
            step.Take(reading, now);
    }

    async Task CommitAsync(CancellationToken stoppingToken)
    {
        pending = Close();
        var isDurable = pending.Count == 0 || spools.Append(pending);
        var pause = RetryMin;
        var (refusedAt, triedAt) = (time.GetTimestamp(), time.GetTimestamp());
        while (!isDurable)
        {
            var isVolatile = time.GetElapsedTime(refusedAt) >= VolatileAfter;
            await Task.Delay(isVolatile ? VolatileTurn : pause, time, stoppingToken);
            progress.Beat();
            if (isVolatile)
                KeepInMemory();
            if (time.GetElapsedTime(triedAt) < pause)
                continue;
            pause = pause * 2 < RetryMax ? pause * 2 : RetryMax;
            isDurable = spools.Retry();
            triedAt = time.GetTimestamp();
        }

        Settle();
    }

    void KeepInMemory()
    {
        Gather();
        while (step.IsDue(clock.BootTimeMs))
        {
            spools.Keep(CloseBlocks(clock.Now()));
            Gather();
        }
    }

    void Settle()
    {
        counts.Count(pending);
        pending = [];
    }

    List<Draft> Close()
    {
        var now = clock.Now();
        var drafts = CloseBlocks(now);
        if (now.Quality != ClockQuality.None && undated.Count > 0)
        {
            // The clock became right: says so in each spool that has blocks without a time.
            drafts.InsertRange(0, undated.Select(spoolClass => Draft.OfRecord(spoolClass, new Record { ClockFix = ToFix(now) })));
            undated.Clear();
        }

        drafts.InsertRange(0, counts.Before(drafts, clock.BootTimeMs, Unread));
        return drafts;
    }

    List<Draft> CloseBlocks(BlockClock now)
    {
        var drafts = step.Close(now);
        if (now.Quality == ClockQuality.None)
            undated.UnionWith(drafts.Select(draft => draft.Class));
        return drafts;
    }

    ClockFix ToFix(BlockClock now)
    {
        var boot = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(boot, now.Boot);
        return new ClockFix { BootId = ByteString.CopyFrom(boot), BootTimeMs = (ulong)clock.BootTimeMs, UnixOffsetMs = now.UnixOffsetMs, ErrorMs = (ulong)clock.ErrorMs, Source = now.Quality };
    }

    // At a clean stop: what the channel still holds, in one try, and the last books. What does not fit was never recorded and nobody was told so.
    async Task DrainAsync()
    {
        if (!TrySettle(spools.Retry()))
            return;
        do
        {
            Gather();
            pending = Close();
            if (!TrySettle(pending.Count == 0 || spools.Append(pending)))
                return;
            await Task.Yield();
        }
        while (readings.TryPeek(out _));
        pending = counts.News(Unread);
        TrySettle(pending.Count == 0 || spools.Append(pending));
    }

    bool TrySettle(bool isDurable)
    {
        if (isDurable)
            Settle();
        else
            LogUnrecorded(pending.Sum(draft => draft.Readings.Length) + step.Count + (int)spools.Health.Ram.WaitingReadings);
        return isDurable;
    }

    [LoggerMessage(230, LogLevel.Debug, "The recorder stops; {Count} readings are still to be recorded.")]
    private partial void LogStopping(int count);

    [LoggerMessage(231, LogLevel.Error, "{Count} readings could not be recorded at the stop: the medium refuses.")]
    private partial void LogUnrecorded(int count);
}
