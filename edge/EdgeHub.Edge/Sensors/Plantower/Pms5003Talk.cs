using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors.Plantower;

/// <summary>
/// Listens to a PMS5003 in active mode: every frame is read, none is asked for. The thin shell around <see cref="Pms5003Decoder"/>.
/// Values of the first 30 s after the line opened, or after a silence (the sensor may have lost power), are marked uncertain.
/// Source: Plantower, PMS5003 series data manual V2.3 ("stable data after 30 seconds").
/// </summary>
sealed partial class Pms5003Talk : ILineTalk
{
    /// <summary>The slow active mode sends every 2.3 s: after this the sensor is silent.</summary>
    public static readonly TimeSpan SilenceAfter = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    const int ReadBytesMax = 256;

    readonly SensorState sensor;
    readonly PortState port;
    readonly SensorDesk desk;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly long origin;
    readonly DueCount due;
    Pms5003Decoder decoder = new();
    TimeSpan warmUntil;
    TimeSpan lastFrame;

    public Pms5003Talk(SensorState sensor, PortState port, SensorDesk desk, TimeProvider time, ILogger logger)
    {
        (this.sensor, this.port, this.desk, this.time, this.logger) = (sensor, port, desk, time, logger);
        origin = time.GetTimestamp();
        due = new DueCount(sensor.Options.Interval, TimeSpan.Zero);
    }

    public IReadOnlyList<SensorState> Sensors => [sensor];

    TimeSpan Now => time.GetElapsedTime(origin);

    public void CountAbsence() => desk.Unread(sensor, UnreadReason.Off, due.Take(Now));

    public async Task RunAsync(Line line, CancellationToken stoppingToken)
    {
        decoder = new Pms5003Decoder();
        warmUntil = Now + WarmUp;
        lastFrame = Now;
        due.Restart(Now);
        var buffer = new byte[ReadBytesMax];
        while (true)
        {
            var count = await line.ReadAsync(buffer, SilenceAfter, stoppingToken);
            if (count > 0)
            {
                desk.Received(port, count);
                Take(buffer.AsSpan(0, count));
            }

            if (Now - lastFrame >= SilenceAfter)
                FallSilent(heard: count > 0);
        }
    }

    void Take(ReadOnlySpan<byte> bytes)
    {
        PmsStatus status;
        while ((status = decoder.Read(ref bytes, out var frame)) != PmsStatus.NeedMore)
            switch (status)
            {
                case PmsStatus.Frame:
                    Take(frame!);
                    break;
                case PmsStatus.BadChecksum:
                    sensor.Count(new SensorCounters { CrcErrors = 1 });
                    desk.Rejected(port, "checksum", decoder.Rejected);
                    desk.Unread(sensor, UnreadReason.Crc, 1);
                    due.Restart(Now);
                    break;
                case PmsStatus.OtherModel:
                    desk.Rejected(port, "other model", decoder.Rejected);
                    Become(Condition.Fault, "this is a Plantower of another model (its frames have another length): put a PMS5003 here or configure its own driver.");
                    break;
                default:
                    sensor.Count(new SensorCounters { Resyncs = 1 });
                    desk.Rejected(port, "garbage", decoder.Rejected);
                    break;
            }
    }

    void Take(Pms5003Frame frame)
    {
        var now = Now;
        lastFrame = now;
        due.Restart(now);
        desk.Frame(port, sensor);
        var quality = frame.ErrorCode != 0 ? Quality.BadDeviceFault : now < warmUntil ? Quality.UncertainWarmUp : Quality.Good;
        var bootTimeMs = desk.BootTimeMs;
        for (var i = 0; i < frame.Values.Count; i++)
            desk.Read(sensor, i, bootTimeMs, frame.Values[i], quality);
        if (frame.ErrorCode != 0)
            Become(Condition.Fault, $"the sensor reports its own fault {frame.ErrorCode:X2}: clean its inlet and fan, else replace it.");
        else if (now < warmUntil)
            Become(Condition.WarmingUp, $"warming up: values are marked uncertain for the first {WarmUp.TotalSeconds} s.");
        else
            Become(Condition.Ok, "ok.");
    }

    void FallSilent(bool heard)
    {
        var missed = due.Take(Now);
        sensor.Count(new SensorCounters { Timeouts = missed });
        desk.Unread(sensor, UnreadReason.Timeout, missed);
        warmUntil = Now + WarmUp;
        if (heard)
            Become(Condition.Fault, "bytes come in and no frame is among them: check the baud rate (9600) and that this is a PMS5003.");
        else
            Become(Condition.Silent, $"nothing heard for {SilenceAfter.TotalSeconds} s: check its 5 V supply, the wiring of TX, and that SET is not low.");
    }

    void Become(Condition condition, string sentence)
    {
        if (sensor.Become(condition, sentence))
            LogChange(logger, sensor.Options.Id, condition.Word(), sentence);
    }

    [LoggerMessage(110, LogLevel.Information, "Sensor {Sensor} is {State}: {Sentence}")]
    private static partial void LogChange(ILogger logger, string sensor, string state, string sentence);
}
