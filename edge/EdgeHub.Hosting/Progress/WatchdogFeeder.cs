using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Hosting.Progress;

/// <summary>
/// Speaks to the service manager over <c>$NOTIFY_SOCKET</c>: READY when the host has started, WATCHDOG twice a period while every loop
/// makes progress, STATUS with the daemon's sentence when it changes, STOPPING at the end. Without a service manager it still
/// looks, and logs the name of a loop that stalls.
/// </summary>
public sealed partial class WatchdogFeeder(
    Watchdog watchdog, ISystemdNotifier notifier, IHostApplicationLifetime lifetime, Func<string> sentence, TimeSpan interval, TimeProvider time, ILogger<WatchdogFeeder> logger)
    : BackgroundService
{
    /// <summary>How often the loops are looked at when no service manager sets the pace.</summary>
    public static readonly TimeSpan IntervalDefault = TimeSpan.FromSeconds(5);

    /// <summary>The kernel and systemd cut longer notifications.</summary>
    public const int StatusCharactersMax = 512;

    readonly HashSet<string> named = new(StringComparer.Ordinal);
    string? lastSentence;

    /// <summary>Half of <c>$WATCHDOG_USEC</c> when it is set for this process, else <see cref="IntervalDefault"/>.</summary>
    public static TimeSpan IntervalFrom(IReadOnlyDictionary<string, string> environment, int processId)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment.TryGetValue("WATCHDOG_PID", out var pid) && pid != processId.ToString(CultureInfo.InvariantCulture))
            return IntervalDefault;
        return environment.TryGetValue("WATCHDOG_USEC", out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds is > 0 and < 86_400_000_000
            ? TimeSpan.FromMicroseconds(Math.Max(microseconds / 2, 1_000))
            : IntervalDefault;
    }

    /// <summary>One look: feeds or, when a loop is stalled, names it once and stays silent until the service manager acts.</summary>
    public void Look()
    {
        var stalled = watchdog.Stalled();
        foreach (var loop in stalled)
            if (named.Add(loop.Name))
                LogStalled(loop.Name, loop.SinceBeat.TotalSeconds, loop.Limit.TotalSeconds);
        if (named.Count > stalled.Count)
            foreach (var name in named.Where(name => stalled.All(loop => loop.Name != name)).ToArray())
            {
                named.Remove(name);
                LogResumed(name);
            }

        Say(stalled.Count == 0 ? sentence() : $"No progress: {string.Join(", ", stalled.Select(loop => loop.Name))}.");
        if (stalled.Count == 0)
            notifier.Notify(new ServiceState("WATCHDOG=1"));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ready = lifetime.ApplicationStarted.Register(() => notifier.Notify(ServiceState.Ready));
        using var stopping = lifetime.ApplicationStopping.Register(() => notifier.Notify(ServiceState.Stopping));
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
                Look();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    void Say(string text)
    {
        // One notification is one line a field: a sentence with a line break would forge the next field.
        var line = text.ReplaceLineEndings(" ");
        if (line.Length > StatusCharactersMax)
            line = line[..StatusCharactersMax];
        if (line == lastSentence)
            return;
        lastSentence = line;
        notifier.Notify(new ServiceState("STATUS=" + line));
    }

    [LoggerMessage(700, LogLevel.Critical, "The loop {Loop} has made no progress for {Seconds:0} s (its limit is {Limit:0} s): the watchdog is no longer fed.")]
    private partial void LogStalled(string loop, double seconds, double limit);

    [LoggerMessage(701, LogLevel.Warning, "The loop {Loop} makes progress again.")]
    private partial void LogResumed(string loop);
}
