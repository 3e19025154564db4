using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Standby;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>
/// Asks the instruments of one line in turn, of whatever protocol each is. The thin shell around <see cref="BusSchedule"/> (who is
/// next, and how long that may take) and <see cref="IBusDevice"/> (what to ask, and what the answer is). What always holds here:
/// <list type="number">
/// <item>One question is under way at a time, and it has its own limit.</item>
/// <item>Before a question the line was silent for the instrument's gap, or somebody babbles and the wait for silence has ended.</item>
/// <item>Where the next instrument wants the line set otherwise, it is set so between two questions, after a silence that the slower setting asks for.
/// A port that refuses to be set so is that instrument's fault alone.</item>
/// <item>Every value that was due is either handed in or counted as unread with its reason.</item>
/// </list>
/// </summary>
sealed partial class BusTalk : ILineTalk
{
    /// <summary>Bytes that may come after one question: the longest answer and as much garbage before it.</summary>
    const int ReceivedBytesMax = 1024;

    /// <summary>How long to wait for silence on a line where somebody babbles.</summary>
    static readonly TimeSpan SilenceWaitMax = TimeSpan.FromMilliseconds(50);

    /// <summary>What may have come while nobody looked is read in so many pieces.</summary>
    const int DrainsMax = 16;

    readonly IReadOnlyList<IBusDevice> devices;
    readonly PortState port;
    readonly SensorDesk desk;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly BusSchedule schedule;
    readonly long origin;
    readonly bool[][] got;
    readonly bool[] anew;
    readonly UnreadReason[] lastReason;
    readonly List<BusValue> values = [];
    readonly byte[] received = new byte[ReceivedBytesMax];
    readonly SharedLine? shared;
    int receivedCount;
    TimeSpan lastByte;
    PortUri? settings;

    /// <param name="shared">Where this box is not the only one that asks: who asks just now. Null on a line of its own.</param>
    /// <param name="restCap">The longest rest of an instrument that does not answer, where that must be shorter than usual.</param>
    public BusTalk(LineSetup setup, SharedLine? shared = null, TimeSpan? restCap = null)
    {
        this.shared = shared;
        (port, desk, time, logger, settings) = (setup.Port, setup.Desk, setup.Time, setup.Logger, setup.Uri);
        Sensors = setup.Sensors;
        devices = [.. setup.Sensors.Select(sensor => ((BusSettings)sensor.Options.Settings).Device(sensor, setup))];
        origin = time.GetTimestamp();
        got = [.. setup.Sensors.Select(sensor => new bool[sensor.Options.Streams.Count])];
        anew = [.. devices.Select(_ => true)];
        lastReason = [.. devices.Select(_ => UnreadReason.Timeout)];
        List<PortUri> groups = [.. devices.Select(device => device.Port).Distinct()];
        schedule = new BusSchedule([.. devices.Select(device => Slot(device, groups.IndexOf(device.Port)))], TimeSpan.Zero, restCap);
    }

    public IReadOnlyList<SensorState> Sensors { get; }

    public IReadOnlyList<IBusDevice> Devices => devices;

    TimeSpan Now => time.GetElapsedTime(origin);

    public void CountAbsence() => CountSkipped(UnreadReason.Off);

    /// <summary>Counts the values that were due while nobody asked on a shared line.</summary>
    public void CountSilence() => CountSkipped(UnreadReason.Listening);

    /// <summary>What was due up to now another box has asked for.</summary>
    public void Pass() => schedule.SkipTo(Now);

    /// <summary>Another box asks from here on: what the rounds under way still lack is not read by this one.</summary>
    public void Leave()
    {
        for (var i = 0; i < devices.Count; i++)
            if (schedule.IsInRound(i))
                Missed(devices[i], i, UnreadReason.Listening);
        Pass();
    }

    public async Task RunAsync(Line line, CancellationToken stoppingToken)
    {
        Array.Fill(anew, true);
        settings = devices[0].Port;
        while (shared is not { MayAsk: false })
        {
            var turn = shared?.NotBefore is { } held && held > Now ? new BusTurn(-1, held, TimeSpan.Zero, BeginsRound: false) : schedule.Next(Now);
            if (turn.Device >= 0)
                await AskAsync(line, turn, stoppingToken);
            else if (await line.ReadAsync(received, turn.At - Now, stoppingToken) is var unasked and > 0)
                Unasked(unasked); // A late answer or noise between two questions: nobody waits for it.
        }
    }

    static BusSlot Slot(IBusDevice device, int group)
    {
        device.Begin(anew: false);
        return new BusSlot(device.Sensor.Options.Interval, device.Left, device.Pace.Cost(device.Question), device.Pace.Limit(device.Question), group);
    }

    async Task AskAsync(Line line, BusTurn turn, CancellationToken stoppingToken)
    {
        var begun = Now;
        var index = turn.Device;
        var device = devices[index];
        if (turn.BeginsRound)
        {
            var resting = schedule.IsResting(index);
            desk.Unread(device.Sensor, resting ? lastReason[index] : UnreadReason.Late, schedule.Begin(index, begun));
            device.Begin(anew[index] || resting);
            anew[index] = false;
            Array.Clear(got[index]);
        }

        if (!await QuietAsync(line, device, stoppingToken))
        {
            Fail(device, index, UnreadReason.Off, Condition.Fault, NotSet(device.Port));
            return;
        }

        if (shared?.MayAskNow(Now) == false)
            return;
        shared?.Ask(Now, device.Question.Bytes);
        await line.WriteAsync(device.Question.Bytes, stoppingToken);
        var kind = await GatherAsync(line, device, begun + turn.Limit, stoppingToken);
        Share(kind);
        switch (kind)
        {
            case AnswerKind.Answered:
                Take(device, index);
                Settle(device, index, Now - begun);
                break;
            case AnswerKind.Busy when schedule.Busy(index, Now):
                device.Sensor.Count(new SensorCounters { Exceptions = 1 });
                break;
            case AnswerKind.Busy or AnswerKind.Refused:
                device.Sensor.Count(new SensorCounters { Exceptions = 1 });
                device.Refuse(received.AsSpan(0, receivedCount));
                Settle(device, index, Now - begun);
                break;
            default:
                Unanswered(device, index);
                break;
        }
    }

    // Silence before a question, and the line set for whom it is for; false when the line cannot be set so.
    async Task<bool> QuietAsync(Line line, IBusDevice device, CancellationToken stoppingToken)
    {
        var gap = shared?.Gap(device.Pace.Gap) ?? device.Pace.Gap;
        if (device.Port != settings)
        {
            // The slower one of both hears the last bytes of the other for so long.
            gap = devices.Where(other => settings is null || other.Port == settings).Max(other => other.Pace.Gap) + gap;
            settings = line.Set(device.Port) ? device.Port : null;
            lastByte = Now;
            if (settings is null)
                return false;
        }

        var until = Now + gap + SilenceWaitMax;
        while (lastByte + gap - Now is var left && left > TimeSpan.Zero && Now < until)
            if (await line.ReadAsync(received, left, stoppingToken) is var unasked and > 0)
                Unasked(unasked);
        receivedCount = 0;
        if (shared is null)
            desk.Received(port, await line.DrainAsync(stoppingToken));
        else
            for (var i = 0; i < DrainsMax && await line.ReadAsync(received, TimeSpan.Zero, stoppingToken) is var late and > 0; i++)
                Unasked(late); // Not thrown away: another box may have asked while this one stood still.
        return true;
    }

    void Share(AnswerKind kind)
    {
        if (shared is null)
            return;
        shared.Hear(Now, received.AsSpan(0, receivedCount));
        if (kind is AnswerKind.Answered or AnswerKind.Refused or AnswerKind.Busy)
            shared.Answered();
        else
            shared.Unanswered(Now);
    }

    void CountSkipped(UnreadReason reason)
    {
        var skipped = schedule.SkipTo(Now);
        for (var i = 0; i < devices.Count; i++)
            desk.Unread(devices[i].Sensor, reason, skipped[i]);
    }

    // Gathers bytes until they hold the answer or the limit ends.
    async Task<AnswerKind> GatherAsync(Line line, IBusDevice device, TimeSpan until, CancellationToken stoppingToken)
    {
        var kind = AnswerKind.NeedMore;
        while (receivedCount < received.Length)
        {
            var left = until - Now;
            if (left <= TimeSpan.Zero)
                break;
            if (kind == AnswerKind.Unchecked && left > BusPace.SilenceAbort)
                left = BusPace.SilenceAbort;
            var count = await line.ReadAsync(received.AsMemory(receivedCount), left, stoppingToken);
            if (count == 0)
                break;
            lastByte = Now;
            desk.Received(port, count);
            receivedCount += count;
            kind = device.Look(received.AsSpan(0, receivedCount));
            if (kind is AnswerKind.Answered or AnswerKind.Refused or AnswerKind.Busy)
                return kind;
        }

        return receivedCount == 0 ? AnswerKind.NeedMore : AnswerKind.Unchecked;
    }

    void Take(IBusDevice device, int index)
    {
        desk.Frame(port, device.Sensor);
        if (receivedCount > device.Question.AnswerBytes)
            device.Sensor.Count(new SensorCounters { Resyncs = 1 });
        values.Clear();
        device.Take(received.AsSpan(0, receivedCount), values);
        var bootTimeMs = desk.BootTimeMs;
        foreach (var (stream, value, quality) in values)
        {
            got[index][stream] = true;
            desk.Read(device.Sensor, stream, bootTimeMs, value, quality);
        }
    }

    // After an answer of any kind: the round goes on, or it is complete and what it did not bring was refused.
    void Settle(IBusDevice device, int index, TimeSpan took)
    {
        schedule.Answered(index, took, device.Left);
        if (device.Left > 0)
            return;
        Missed(device, index, UnreadReason.Refused);
        var (condition, sentence) = device.Verdict;
        Become(device, condition, sentence);
    }

    void Unanswered(IBusDevice device, int index)
    {
        var garbled = receivedCount > 0;
        device.Sensor.Count(garbled ? new SensorCounters { CrcErrors = 1 } : new SensorCounters { Timeouts = 1 });
        if (garbled)
            desk.Rejected(port, device.Sensor, "checksum", received.AsSpan(0, receivedCount));
        Fail(device, index, garbled ? UnreadReason.Crc : UnreadReason.Timeout, garbled ? Condition.Fault : Condition.Silent, garbled ? device.Garbled : device.Silent);
    }

    void Fail(IBusDevice device, int index, UnreadReason reason, Condition condition, string sentence)
    {
        lastReason[index] = reason;
        if (schedule.Failed(index, Now))
            return;
        Missed(device, index, reason);
        Become(device, condition, sentence);
    }

    static string NotSet(PortUri uri) => uri is SerialPortUri serial
        ? $"its port {serial.Path} refuses {serial.Baud} baud, parity {serial.Parity.ToString().ToLowerInvariant()}, {serial.DataBits} data bits: use an adapter that has them, or write what the instrument is set to behind the port (baud=, parity=)."
        : $"its port {uri} cannot be set.";

    void Missed(IBusDevice device, int index, UnreadReason reason)
    {
        for (var stream = 0; stream < got[index].Length; stream++)
            if (!got[index][stream])
                desk.Unread(device.Sensor, stream, reason, 1);
    }

    void Unasked(int count)
    {
        lastByte = Now;
        desk.Received(port, count);
        desk.Rejected(port, asked: null, "unasked", received.AsSpan(0, count));
        shared?.Hear(Now, received.AsSpan(0, count));
    }

    void Become(IBusDevice device, Condition condition, string sentence)
    {
        if (!device.Sensor.Become(condition, sentence))
            return;
        if (condition.NeedsAttention())
            port.Raw.Freeze(desk.BootTimeMs, $"{device.Sensor.Options.Id} is {condition.Word()}");
        LogChange(logger, device.Sensor.Options.Id, condition.Word(), sentence);
    }

    [LoggerMessage(120, LogLevel.Information, "Sensor {Sensor} is {State}: {Sentence}")]
    private static partial void LogChange(ILogger logger, string sensor, string state, string sentence);
}
