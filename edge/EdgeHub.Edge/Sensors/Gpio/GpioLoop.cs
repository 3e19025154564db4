using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>
/// Reads the contacts and counters of one gpiochip. A box without the chip, or without libgpiod, says so as a state and the other
/// loops go on; the chip is looked for again by itself. Proven against a <c>GpioDriver</c> of the tests; edges come from libgpiod.
/// </summary>
sealed partial class GpioLoop(int chip, IReadOnlyList<SensorState> sensors, PortState port, OpenGpio open, SensorDesk desk, Backoff backoff, LoopProgress progress, TimeProvider time, ILogger logger)
{
    public static RunLine Over(LineSetup setup) =>
        new GpioLoop(((GpioPortUri)setup.Uri).Chip, setup.Sensors, setup.Port, setup.Open.Gpio, setup.Desk, new Backoff(setup.Chance), setup.Progress, setup.Time, setup.Logger).RunAsync;

    /// <summary>Levels are compared with what the edges said this often: an edge that was lost is found.</summary>
    static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    readonly long origin = time.GetTimestamp();

    TimeSpan Now => time.GetElapsedTime(origin);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var absences = sensors.Select(sensor => new DueCount(sensor.Options.Interval, Now)).ToArray();
        while (true)
        {
            progress.Beat();
            try
            {
                using var session = OpenSession(out var contacts);
                foreach (var absence in absences)
                    absence.Restart(Now);
                backoff.Reset();
                await ListenAsync(session, contacts, stoppingToken);
            }
            catch (LineException e)
            {
                Lost(e);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or ArgumentException or UnauthorizedAccessException or NotSupportedException)
            {
                Lost(new LineException(Condition.Fault, $"gpiochip{chip} does not give its lines ({e.Message}): check that the line exists and no other program holds it (gpioinfo shows both).", e));
            }

            await Task.Delay(backoff.Next(), time, stoppingToken);
            for (var i = 0; i < sensors.Count; i++)
                desk.Unread(sensors[i], UnreadReason.Off, absences[i].Take(Now));
        }
    }

    GpioSession OpenSession(out List<GpioContact> contacts)
    {
        contacts = [];
        var session = new GpioSession(open(chip));
        try
        {
            foreach (var sensor in sensors)
            {
                var uri = (GpioPortUri)sensor.Options.Port;
                contacts.Add(new GpioContact(sensor, desk, session.Open(uri.Line, uri.Pull, () => Now), Now));
            }
        }
        catch
        {
            session.Dispose();
            throw;
        }

        desk.Opened(port);
        if (port.Become(Condition.Ok, "open."))
            LogOpened(logger, port.Port);
        foreach (var sensor in sensors)
            sensor.Become(Condition.Ok, "ok.");
        return session;
    }

    async Task ListenAsync(GpioSession session, List<GpioContact> contacts, CancellationToken stoppingToken)
    {
        var checkAt = Now + CheckInterval;
        while (true)
        {
            progress.Beat();
            while (session.Edges.TryRead(out var item))
                contacts[item.Index].Edge(item.Edge.Level, item.Edge.At);
            if (Now >= checkAt)
            {
                checkAt = Now + CheckInterval;
                for (var i = 0; i < contacts.Count; i++)
                    contacts[i].Level(session.Read(i), Now);
            }

            foreach (var contact in contacts)
                contact.Advance(Now);
            var next = contacts.Min(contact => contact.Next);
            var wait = (next < checkAt ? next : checkAt) - Now;
            if (wait <= TimeSpan.Zero)
                continue;
            await WaitAsync(session, wait, stoppingToken);
        }
    }

    // Until an edge comes or the time is up, whichever is first.
    async Task WaitAsync(GpioSession session, TimeSpan wait, CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(wait, time);
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

    void Lost(LineException e)
    {
        foreach (var sensor in sensors)
            sensor.Become(e.Condition, e.Message);
        if (port.Become(e.Condition, e.Message))
            LogLost(logger, port.Port, e.Condition.Word(), e.Message);
    }

    [LoggerMessage(130, LogLevel.Information, "GPIO chip {Port} is open.")]
    private static partial void LogOpened(ILogger logger, string port);

    [LoggerMessage(131, LogLevel.Warning, "GPIO chip {Port} is {State}: {Sentence}")]
    private static partial void LogLost(ILogger logger, string port, string state, string sentence);
}
