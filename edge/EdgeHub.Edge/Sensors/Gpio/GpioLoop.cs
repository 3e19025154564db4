using EdgeHub.Edge.Sensors.Lines;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>
/// Reads the contacts and counters of one gpiochip and drives its outputs. A box without the chip, or without libgpiod, says so as a
/// state and the other loops go on; the chip is looked for again by itself.
/// </summary>
sealed partial class GpioLoop(LineSetup setup)
{
    /// <summary>Levels are compared with what the edges said this often: an edge that was lost is found.</summary>
    static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    readonly int chip = ((GpioPortUri)setup.Uri).Chip;
    readonly Backoff backoff = new(setup.Chance);
    readonly long origin = setup.Time.GetTimestamp();

    TimeSpan Now => setup.Time.GetElapsedTime(origin);

    public static RunLine Over(LineSetup setup) => new GpioLoop(setup).RunAsync;

    async Task RunAsync(CancellationToken stoppingToken)
    {
        var absences = setup.Sensors.Select(sensor => new DueCount(sensor.Options.Interval, Now)).ToArray();
        while (true)
        {
            setup.Progress.Beat();
            try
            {
                using var session = new GpioSession(setup.Open.Gpio(chip));
                var points = new GpioPoints(session, setup, () => Now);
                Opened();
                foreach (var absence in absences)
                    absence.Restart(Now);
                backoff.Reset();
                await ListenAsync(session, points, stoppingToken);
            }
            catch (LineException e)
            {
                Lost(e);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or ArgumentException or UnauthorizedAccessException or NotSupportedException)
            {
                Lost(new LineException(Condition.Fault, $"gpiochip{chip} does not give its lines ({e.Message}): check that the line exists and no other program holds it (gpioinfo shows both).", e));
            }
            finally
            {
                setup.Desk.Unswitch(setup.Sensors);
            }

            await Task.Delay(backoff.Next(), setup.Time, stoppingToken);
            for (var i = 0; i < setup.Sensors.Count; i++)
                setup.Desk.Unread(setup.Sensors[i], UnreadReason.Off, absences[i].Take(Now));
        }
    }

    async Task ListenAsync(GpioSession session, GpioPoints points, CancellationToken stoppingToken)
    {
        var checkAt = Now + CheckInterval;
        while (true)
        {
            setup.Progress.Beat();
            while (session.Edges.TryRead(out var item))
                points.Edge(item.Index, item.Edge);
            if (Now >= checkAt)
            {
                checkAt = Now + CheckInterval;
                points.Check(Now);
            }

            var next = points.Advance(Now);
            var wait = (next < checkAt ? next : checkAt) - Now;
            if (wait > TimeSpan.Zero)
                await WaitAsync(session, wait, stoppingToken);
        }
    }

    // Until an edge comes or the time is up, whichever is first.
    async Task WaitAsync(GpioSession session, TimeSpan wait, CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(wait, setup.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        try
        {
            await session.Edges.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // The time is up.
        }
    }

    void Opened()
    {
        setup.Desk.Opened(setup.Port);
        if (setup.Port.Become(Condition.Ok, "open."))
            LogOpened(setup.Logger, setup.Port.Port);
        foreach (var sensor in setup.Sensors)
            sensor.Become(Condition.Ok, "ok.");
    }

    void Lost(LineException e)
    {
        foreach (var sensor in setup.Sensors)
            sensor.Become(e.Condition, e.Message);
        if (setup.Port.Become(e.Condition, e.Message))
            LogLost(setup.Logger, setup.Port.Port, e.Condition.Word(), e.Message);
    }

    [LoggerMessage(130, LogLevel.Information, "GPIO chip {Port} is open.")]
    private static partial void LogOpened(ILogger logger, string port);

    [LoggerMessage(131, LogLevel.Warning, "GPIO chip {Port} is {State}: {Sentence}")]
    private static partial void LogLost(ILogger logger, string port, string state, string sentence);
}
