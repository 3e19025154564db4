using System.Diagnostics.Metrics;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Clock;

/// <summary>
/// Looks at the clock every ten seconds: says once when what is known of the time changes, reports each jump, and keeps the last known
/// time for the next start. Nothing waits for it.
/// </summary>
public sealed partial class ClockWatch(BoxClock clock, ClockFloor floor, Action<string, string> announce, Watchdog watchdog, TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    public const string MeterName = "EdgeHub.Clock";

    /// <summary>The kind of the event that a jump becomes.</summary>
    public const string JumpEvent = "edgehub.clock.jump";

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>A look takes no time and a small file is synced; minutes mean that the medium hangs.</summary>
    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(5);

    readonly ClockStep step = new();
    long jumps;

    /// <summary>What a quality means to a person, and what to do where somebody should.</summary>
    public static string Sentence(ClockQuality quality) => quality switch
    {
        ClockQuality.None => "The time is unknown since this start; readings are recorded and get their time when it comes. Check the network and its time server (timedatectl).",
        ClockQuality.Restored => "The time is not synchronised and may drift; it was taken from this box. Check the time server (timedatectl).",
        ClockQuality.Ntp => "Synchronised by network.",
        ClockQuality.Gnss => "Synchronised by satellite.",
        _ => throw new ArgumentOutOfRangeException(nameof(quality)),
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var meter = new Meter(MeterName);
        meter.CreateObservableGauge("quality", () => (int)clock.Now().Quality, null, "0 unknown, 1 taken from the box, 2 by network, 3 by satellite.");
        meter.CreateObservableCounter("jumps", () => Interlocked.Read(ref jumps), "{jump}", "Wall time moved by more than 2 s against boot time.");
        var progress = watchdog.Register("clock watch", StallLimit);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            progress.Beat();
            Take(step.At(clock.Now(), clock.BootTimeMs));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Keeps what is known, after the last reading was recorded.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Take(step.At(clock.Now(), clock.BootTimeMs, atStop: true));
    }

    void Take(ClockLook look)
    {
        if (look.Changed)
            Say(clock.Now().Quality);
        if (look.Jump != TimeSpan.Zero)
        {
            Interlocked.Increment(ref jumps);
            var text = $"Wall time jumped by {look.Jump.TotalSeconds:+0.0;-0.0} s to {time.GetUtcNow():u}; what is recorded from here on has the new time, and order goes by numbers.";
            LogJump(logger, text);
            announce(JumpEvent, text);
        }

        if (look.Save is { } unixMs)
            Keep(unixMs);
    }

    // A disk that takes no file says so elsewhere; the next start then doubts a little more.
    void Keep(long unixMs)
    {
        try
        {
            floor.Write(unixMs);
            clock.PassedUnixMs = unixMs;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(logger, e);
        }
    }

    void Say(ClockQuality quality)
    {
        if (quality is ClockQuality.Ntp or ClockQuality.Gnss)
            LogGood(logger, quality, Sentence(quality));
        else
            LogPoor(logger, quality, Sentence(quality));
    }

    [LoggerMessage(800, LogLevel.Information, "Clock {Quality}: {Sentence}")]
    private static partial void LogGood(ILogger logger, ClockQuality quality, string sentence);

    [LoggerMessage(801, LogLevel.Warning, "Clock {Quality}: {Sentence}")]
    private static partial void LogPoor(ILogger logger, ClockQuality quality, string sentence);

    [LoggerMessage(802, LogLevel.Warning, "{Text}")]
    private static partial void LogJump(ILogger logger, string text);

    [LoggerMessage(803, LogLevel.Warning, "The last known time could not be kept for the next start.")]
    private static partial void LogNotKept(ILogger logger, Exception error);
}
