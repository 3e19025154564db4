using System.Diagnostics.Metrics;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Clock;

/// <summary>Looks at the clock every ten seconds and says once when what is known of the time changes. Nothing waits for it.</summary>
sealed partial class ClockWatch(BoxClock clock, TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    public const string MeterName = "EdgeHub.Clock";

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

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
        using var timer = new PeriodicTimer(Interval, time);
        ClockQuality? said = null;
        do
        {
            var quality = clock.Now().Quality;
            if (quality != said)
                Say(quality);
            said = quality;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
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
}
