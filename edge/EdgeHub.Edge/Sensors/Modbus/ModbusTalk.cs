using EdgeHub.Edge.Sensors.Lines;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>
/// Asks the slaves of one line in turn. The thin shell around <see cref="ModbusBus"/> (who is next), <see cref="RequestPlan"/>
/// (what to ask) and <see cref="ModbusFrames"/> (what the answer is). One request is under way at a time, each with its own limit;
/// a slave that does not answer is given up for this round at its first missed answer.
/// </summary>
sealed partial class ModbusTalk : ILineTalk
{
    const byte IllegalAddress = 2;

    readonly List<ModbusSlave> slaves;
    readonly PortState port;
    readonly SensorDesk desk;
    readonly ModbusTiming timing;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly ModbusBus bus;
    readonly long origin;
    readonly byte[] received = new byte[ModbusFrames.ReplyBytesMax];
    int receivedCount;

    public ModbusTalk(IReadOnlyList<SensorState> sensors, PortState port, SensorDesk desk, ModbusTiming timing, TimeProvider time, ILogger logger)
    {
        (this.port, this.desk, this.timing, this.time, this.logger) = (port, desk, timing, time, logger);
        slaves = [.. sensors.Select(sensor => new ModbusSlave(sensor))];
        Sensors = sensors;
        origin = time.GetTimestamp();
        bus = new ModbusBus([.. sensors.Select(sensor => sensor.Options.Interval)], TimeSpan.Zero);
    }

    public IReadOnlyList<SensorState> Sensors { get; }

    TimeSpan Now => time.GetElapsedTime(origin);

    public void CountAbsence()
    {
        var skipped = bus.SkipTo(Now);
        for (var i = 0; i < slaves.Count; i++)
            desk.Unread(slaves[i].Sensor, UnreadReason.Off, skipped[i]);
    }

    public async Task RunAsync(Line line, CancellationToken stoppingToken)
    {
        while (true)
        {
            var (next, at) = bus.Next();
            var wait = at - Now;
            if (wait <= TimeSpan.Zero)
                await PollAsync(line, next, stoppingToken);
            else if (await line.ReadAsync(received, wait, stoppingToken) is var unasked and > 0)
                desk.Received(port, unasked); // A late answer or noise between two requests: nobody waits for it.
        }
    }

    async Task PollAsync(Line line, int index, CancellationToken stoppingToken)
    {
        var slave = slaves[index];
        var resting = bus.IsResting(index);
        desk.Unread(slave.Sensor, resting ? slave.LastReason : UnreadReason.Late, bus.Begin(index, Now));
        var plan = slave.Plan;
        byte refusal = 0;
        for (var i = 0; i < plan.Count; i++)
        {
            var (request, values) = plan[i];
            var (outcome, code) = await AskAsync(line, request, stoppingToken);
            switch (outcome)
            {
                case AskOutcome.Answered:
                    Take(slave, request, values);
                    break;
                case AskOutcome.Refused when code == IllegalAddress && values.Count > 1 && slave.TryUnmerge():
                    LogUnmerged(logger, slave.Sensor.Options.Id);
                    slave.Sensor.Count(new SensorCounters { Exceptions = 1 });
                    UnreadFrom(slave, plan.Skip(i), UnreadReason.Refused);
                    bus.Succeeded(index);
                    return;
                case AskOutcome.Refused:
                    refusal = code;
                    slave.Sensor.Count(new SensorCounters { Exceptions = 1 });
                    foreach (var value in values)
                        desk.Unread(slave.Sensor, value, UnreadReason.Refused, 1);
                    break;
                default:
                    GiveUp(slave, index, plan.Skip(i), outcome);
                    return;
            }
        }

        bus.Succeeded(index);
        if (refusal != 0)
            Become(slave, Condition.Fault, ModbusFrames.Explain(refusal));
        else
            Become(slave, Condition.Ok, "ok.");
    }

    // Sends one request and gathers bytes until they hold its answer or its limit ends.
    async Task<(AskOutcome Outcome, byte ExceptionCode)> AskAsync(Line line, ModbusRequest request, CancellationToken stoppingToken)
    {
        await Task.Delay(timing.Turnaround, time, stoppingToken);
        desk.Received(port, await line.DrainAsync(stoppingToken));
        await line.WriteAsync(ModbusFrames.Request(request), stoppingToken);
        var until = Now + timing.Limit(request);
        receivedCount = 0;
        var status = ReplyStatus.NeedMore;
        while (receivedCount < received.Length)
        {
            var left = until - Now;
            if (left <= TimeSpan.Zero)
                break;
            if (status == ReplyStatus.Unchecked && left > ModbusTiming.SilenceAbort)
                left = ModbusTiming.SilenceAbort;
            var count = await line.ReadAsync(received.AsMemory(receivedCount), left, stoppingToken);
            if (count == 0)
                break;
            desk.Received(port, count);
            receivedCount += count;
            status = ModbusFrames.Find(received.AsSpan(0, receivedCount), request, out _, out var code);
            if (status == ReplyStatus.Reply)
                return (AskOutcome.Answered, 0);
            if (status == ReplyStatus.Exception)
                return (AskOutcome.Refused, code);
        }

        return (receivedCount == 0 ? AskOutcome.Timeout : AskOutcome.BadChecksum, 0);
    }

    void Take(ModbusSlave slave, ModbusRequest request, IReadOnlyList<int> values)
    {
        ModbusFrames.Find(received.AsSpan(0, receivedCount), request, out var payload, out _);
        desk.Frame(port, slave.Sensor);
        if (receivedCount > ModbusFrames.ReplyBytes(request))
            slave.Sensor.Count(new SensorCounters { Resyncs = 1 });
        var bootTimeMs = desk.BootTimeMs;
        foreach (var value in values)
        {
            var (number, quality) = slave.Register(value).Read(payload, request.Start);
            desk.Read(slave.Sensor, value, bootTimeMs, number, quality);
        }
    }

    void GiveUp(ModbusSlave slave, int index, IEnumerable<(ModbusRequest Request, IReadOnlyList<int> Values)> unread, AskOutcome outcome)
    {
        var address = slave.Address;
        var crc = outcome == AskOutcome.BadChecksum;
        slave.LastReason = crc ? UnreadReason.Crc : UnreadReason.Timeout;
        slave.Sensor.Count(crc ? new SensorCounters { CrcErrors = 1 } : new SensorCounters { Timeouts = 1 });
        if (crc)
            desk.Rejected(port, $"checksum, slave {address}", received.AsSpan(0, receivedCount));
        UnreadFrom(slave, unread, slave.LastReason);
        bus.Failed(index, Now);
        if (crc)
            Become(slave, Condition.Fault, $"slave {address} answers with wrong checksums: check baud and parity, termination, cable, and that no other slave has this address.");
        else
            Become(slave, Condition.Silent, $"slave {address} does not answer: check its power, its address and the A/B wiring.");
    }

    void UnreadFrom(ModbusSlave slave, IEnumerable<(ModbusRequest Request, IReadOnlyList<int> Values)> requests, UnreadReason reason)
    {
        foreach (var (_, values) in requests)
            foreach (var value in values)
                desk.Unread(slave.Sensor, value, reason, 1);
    }

    void Become(ModbusSlave slave, Condition condition, string sentence)
    {
        if (slave.Sensor.Become(condition, sentence))
            LogChange(logger, slave.Sensor.Options.Id, condition.Word(), sentence);
    }

    [LoggerMessage(120, LogLevel.Information, "Sensor {Sensor} is {State}: {Sentence}")]
    private static partial void LogChange(ILogger logger, string sensor, string state, string sentence);

    [LoggerMessage(121, LogLevel.Information, "Sensor {Sensor} refuses to read across unused registers; each value is asked by itself from now on.")]
    private static partial void LogUnmerged(ILogger logger, string sensor);
}
