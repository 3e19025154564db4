using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors.Polled;

/// <summary>
/// Reads the sensors of one line in turn, each on its own grid of due times. A sensor that fails is a state of its own: the others
/// go on, and it is begun anew at its next due time.
/// </summary>
sealed partial class PolledLoop(LineSetup setup, IReadOnlyList<PolledSensor> sensors)
{
    /// <summary>A wait no longer than this, so that the watchdog sees the loop live.</summary>
    static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    readonly long origin = setup.Time.GetTimestamp();
    readonly DueGrid[] grids = [.. sensors.Select(sensor => new DueGrid(sensor.Sensor.Options.Interval))];
    readonly TimeSpan?[] warmUntil = new TimeSpan?[sensors.Count];

    TimeSpan Now => setup.Time.GetElapsedTime(origin);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        setup.Desk.Opened(setup.Port);
        try
        {
            while (true)
            {
                setup.Progress.Beat();
                var next = 0;
                for (var i = 1; i < grids.Length; i++)
                    if (grids[i].Due < grids[next].Due)
                        next = i;
                var wait = grids[next].Due - Now;
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait < BeatInterval ? wait : BeatInterval, setup.Time, stoppingToken);
                else
                    await ReadAsync(next, stoppingToken);
            }
        }
        finally
        {
            foreach (var sensor in sensors)
                sensor.Dispose();
        }
    }

    async Task ReadAsync(int index, CancellationToken stoppingToken)
    {
        var polled = sensors[index];
        var sensor = polled.Sensor;
        setup.Desk.Unread(sensor, UnreadReason.Late, grids[index].Take(Now));
        try
        {
            if (await polled.ReadAsync(stoppingToken) is { } frame)
            {
                Take(index, sensor, frame);
                return;
            }

            sensor.Count(new SensorCounters { CrcErrors = 1 });
            setup.Desk.Rejected(setup.Port, sensor, "checksum", []);
            setup.Desk.Unread(sensor, UnreadReason.Crc, 1);
            Become(sensor, Condition.Fault, "what it sends has a wrong checksum: shorten the cable, check pull-ups and supply.");
        }
        catch (LineException e)
        {
            polled.Dispose();
            warmUntil[index] = null;
            sensor.Count(new SensorCounters { Timeouts = e.Condition == Condition.Silent ? 1 : 0 });
            setup.Desk.Unread(sensor, e.Condition switch { Condition.Waiting or Condition.Denied => UnreadReason.Off, Condition.Fault => UnreadReason.Refused, _ => UnreadReason.Timeout }, 1);
            Become(sensor, e.Condition, e.Message);
        }

        ShowPort();
    }

    void Take(int index, SensorState sensor, SensorFrame frame)
    {
        if (frame.Values.Count == 0)
        {
            setup.Desk.Unread(sensor, UnreadReason.Timeout, 1);
            Become(sensor, frame.Fault is null ? Condition.Starting : Condition.Fault, frame.Fault ?? "it has measured nothing new yet.");
            return;
        }

        var warmUp = sensor.Options.Driver.WarmUp;
        var now = Now;
        var isWarm = now >= (warmUntil[index] ??= now + warmUp);
        setup.Desk.Frame(setup.Port, sensor);
        var bootTimeMs = setup.Desk.BootTimeMs;
        foreach (var value in frame.Values)
            setup.Desk.Read(sensor, value.Stream, bootTimeMs, value.Value, value.Quality == Quality.Good && !isWarm ? Quality.UncertainWarmUp : value.Quality);
        if (frame.Fault is not null)
            Become(sensor, Condition.Fault, frame.Fault);
        else if (!isWarm)
            Become(sensor, Condition.WarmingUp, $"warming up: values are marked uncertain for the first {warmUp.TotalSeconds} s.");
        else
            Become(sensor, Condition.Ok, "ok.");
        ShowPort();
    }

    // The port is as its best sensor: a bus on which one part answers is there.
    void ShowPort()
    {
        var best = sensors.Select(polled => polled.Sensor.Snapshot()).OrderBy(status => status.Condition.NeedsAttention()).First();
        setup.Port.Become(best.Condition.NeedsAttention() ? best.Condition : Condition.Ok, best.Condition.NeedsAttention() ? best.Sentence : "open.");
    }

    void Become(SensorState sensor, Condition condition, string sentence)
    {
        if (!sensor.Become(condition, sentence))
            return;
        if (condition.NeedsAttention())
            setup.Port.Raw.Freeze(setup.Desk.BootTimeMs, $"{sensor.Options.Id} is {condition.Word()}");
        LogChange(setup.Logger, sensor.Options.Id, condition.Word(), sentence);
    }

    [LoggerMessage(111, LogLevel.Information, "Sensor {Sensor} is {State}: {Sentence}")]
    private static partial void LogChange(ILogger logger, string sensor, string state, string sentence);
}
