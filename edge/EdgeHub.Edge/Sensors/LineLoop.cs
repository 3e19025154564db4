using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors;

/// <summary>
/// The life of one line: open, talk, lose, wait, open again, for ever. A line that cannot be opened is a state with advice, said
/// once, and no other line waits for it.
/// </summary>
sealed partial class LineLoop(PortUri uri, PortState port, ILineTalk talk, OpenLine open, SensorDesk desk, Backoff backoff, LoopProgress progress, TimeProvider time, ILogger logger)
{
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            progress.Beat();
            var bytesBefore = port.BytesRead;
            try
            {
                await using var line = await open(uri, stoppingToken);
                line.Turned = progress.Beat;
                line.Passed = (sent, bytes) => port.Raw.Add(desk.BootTimeMs, sent, bytes);
                Opened();
                await talk.RunAsync(line, stoppingToken);
            }
            catch (LineException e)
            {
                Lost(e);
            }

            if (port.BytesRead > bytesBefore)
                backoff.Reset();
            await Task.Delay(backoff.Next(), time, stoppingToken);
            talk.CountAbsence();
        }
    }

    void Opened()
    {
        talk.CountAbsence();
        desk.Opened(port);
        foreach (var sensor in talk.Sensors)
            sensor.Become(Condition.Starting, "its port is open; nothing heard yet.");
        if (port.Become(Condition.Ok, "open."))
            LogOpened(logger, port.Port);
    }

    void Lost(LineException e)
    {
        port.Raw.Freeze(desk.BootTimeMs, e.Message);
        foreach (var sensor in talk.Sensors)
            sensor.Become(e.Condition, e.Message);
        if (port.Become(e.Condition, e.Message))
            LogLost(logger, port.Port, e.Condition.Word(), e.Message);
    }

    [LoggerMessage(101, LogLevel.Information, "Port {Port} is open.")]
    private static partial void LogOpened(ILogger logger, string port);

    [LoggerMessage(102, LogLevel.Warning, "Port {Port} is {State}: {Sentence}")]
    private static partial void LogLost(ILogger logger, string port, string state, string sentence);
}
