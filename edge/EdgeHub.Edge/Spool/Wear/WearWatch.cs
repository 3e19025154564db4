using System.Diagnostics.Metrics;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Wear;

/// <summary>Looks each minute at what was written, tells it, and lets the <see cref="WearStep"/> choose the flush interval.</summary>
/// <param name="written">What the spool wrote.</param>
/// <param name="device">What anybody wrote to the whole device since the boot; null where nobody counts.</param>
/// <param name="recorded">Readings recorded since this process started.</param>
public sealed partial class WearWatch(SpoolOptions options, Func<long> written, Func<long?> device, Func<ulong> recorded, Watchdog watchdog, TimeProvider time, ILogger<WearWatch> log) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(10);

    /// <summary>A day of minutes.</summary>
    const int LooksMax = 24 * 60;

    readonly Meter meter = new(SpoolMetrics.MeterName);
    readonly WearStep step = new(options.Wear, options.FlushInterval);
    readonly Queue<(long AtMs, long Bytes)> looks = [];
    readonly long startedAt = time.GetTimestamp();
    (long Bytes, bool IsDevice)? first;

    /// <summary>The interval at which the Recorder flushes.</summary>
    public TimeSpan FlushInterval => step.FlushInterval;

    public WearReport Report { get; private set; } = new(0, null, null, null, null, options.Wear.BytesPerDay, options.FlushInterval, false);

    /// <summary>One look.</summary>
    public void Look()
    {
        var nowMs = (long)time.GetElapsedTime(startedAt).TotalMilliseconds;
        var (counted, spool) = (device(), written());
        var bytes = counted ?? spool;
        // A device that went or came counts from elsewhere: the day begins anew.
        if (first is not var (_, wasDevice) || wasDevice != counted is not null)
        {
            looks.Clear();
            step.Forget();
            first = (bytes, counted is not null);
        }

        looks.Enqueue((nowMs, bytes));
        if (looks.Count > LooksMax)
            looks.Dequeue();
        if (step.Take(nowMs, bytes))
            LogChosen(step.FlushInterval.TotalSeconds);
        var wasOver = Report.IsOver;
        Report = ToReport(nowMs, bytes, counted, spool);
        if (Report.IsOver && !wasOver)
            LogOver(Report.ToString());
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Measure();
        var progress = watchdog.Register("wear watch", StallLimit);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            progress.Beat();
            Look();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    WearReport ToReport(long nowMs, long bytes, long? counted, long spool)
    {
        var (sinceMs, before) = looks.Peek();
        var perDay = nowMs > sinceMs ? WearStep.PerDay(bytes - before, nowMs - sinceMs) : (double?)null;
        return new WearReport(
            spool,
            counted is { } now ? now - first!.Value.Bytes : null,
            perDay,
            recorded() is > 0 and var readings ? spool / (double)readings : null,
            perDay > 0 ? options.Wear.EnduranceBytes / perDay / WearStep.DaysPerYear : null,
            options.Wear.BytesPerDay,
            step.FlushInterval,
            step.IsOver);
    }

    void Measure()
    {
        meter.CreateObservableCounter("written_bytes", () => Report.SpoolBytes, "By", "Pages that the spool wrote.");
        meter.CreateObservableCounter("device_written_bytes", () => Of(Report.DeviceBytes), "By", "What anybody wrote to the spool's whole device.");
        meter.CreateObservableGauge("written_bytes_per_day", () => Of(Report.BytesPerDay), "By", "Bytes a day over the last day at most.");
        meter.CreateObservableGauge("written_bytes_per_reading", () => Of(Report.BytesPerReading), "By", "Bytes that the spool wrote for one reading.");
        meter.CreateObservableGauge("life_years", () => Of(Report.LifeYears), null, "How long a new medium lasts at this rate.");
        meter.CreateObservableGauge("flush_interval_seconds", () => Report.FlushInterval.TotalSeconds, "s", "How long a reading that is not urgent waits for its flush at most.");
    }

    static IEnumerable<Measurement<T>> Of<T>(T? value) where T : struct => value is { } known ? [new Measurement<T>(known)] : [];

    [LoggerMessage(260, LogLevel.Information, "To make the medium last, readings that are not urgent are flushed every {Seconds} s from now on.")]
    private partial void LogChosen(double seconds);

    [LoggerMessage(261, LogLevel.Warning, "The spool's medium wears faster than it should: {Sentence}")]
    private partial void LogOver(string sentence);
}
