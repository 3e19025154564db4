using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors.Standby;

/// <summary>
/// A line that two boxes share: listens while the other one asks, and records what it overhears; asks itself when nobody does. The thin
/// shell around <see cref="StandbyStep"/> (who asks), <see cref="Traffic"/> (what was asked and answered) and <see cref="BusTalk"/> (the asking).
/// </summary>
sealed partial class StandbyTalk : ILineTalk
{
    /// <summary>A frame does not pause longer; a USB adapter hands its bytes over every 16 ms.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    /// <summary>Questions in a row that a slave has left unanswered before it is called silent.</summary>
    const int UnansweredMax = 3;

    const int ReadBytesMax = 256;

    const string NotOpen = "the line is not open.";

    readonly LineSetup setup;
    readonly StandbyStep step;
    readonly SharedLine shared;
    readonly BusTalk asking;
    readonly long origin;
    readonly int[] unanswered;
    readonly byte[] buffer = new byte[ReadBytesMax];
    readonly List<BusValue> values = [];
    Traffic traffic = new();
    TrafficEvent? question;
    TimeSpan heardAt;

    public StandbyTalk(LineSetup setup, StandbyOptions options)
    {
        this.setup = setup;
        origin = setup.Time.GetTimestamp();
        step = new StandbyStep(options, setup.Chance, TimeSpan.Zero);
        shared = new SharedLine(step) { SteppedDown = SayStepDown };
        asking = new BusTalk(setup, shared, options.QuestionEvery);
        unanswered = new int[setup.Sensors.Count];
        setup.Port.Share(StandbyState.Listening, NotOpen);
    }

    public IReadOnlyList<SensorState> Sensors => setup.Sensors;

    TimeSpan Now => setup.Time.GetElapsedTime(origin);

    public void CountAbsence() => asking.CountAbsence();

    public async Task RunAsync(Line line, CancellationToken stoppingToken)
    {
        var turned = line.Turned;
        line.Turned = () =>
        {
            turned?.Invoke();
            Turn();
        };
        step.Open(Now);
        setup.Port.Share(StandbyState.Listening, "nobody was heard yet.");
        try
        {
            while (true)
            {
                heardAt = Now;
                await ListenAsync(line, stoppingToken);
                asking.CountSilence();
                SayTakeOver();
                await asking.RunAsync(line, stoppingToken);
                asking.Leave();
            }
        }
        finally
        {
            setup.Port.Share(StandbyState.Listening, NotOpen);
        }
    }

    // Until nobody was heard for long enough: then the last look at the line found nothing.
    async Task ListenAsync(Line line, CancellationToken stoppingToken)
    {
        (traffic, question) = (new Traffic(), null);
        Array.Clear(unanswered);
        for (var patience = Pause; ;)
        {
            var begun = Now;
            var count = await line.ReadAsync(buffer, patience, stoppingToken);
            if (Now - begun > patience + step.StallMax)
            {
                // What has waited in the kernel is of another time than the one it would be stamped with.
                await line.DrainAsync(stoppingToken);
                (traffic, question) = (new Traffic(), null);
                continue;
            }

            setup.Desk.Received(setup.Port, count);
            foreach (var one in count > 0 ? traffic.Add(Now.TotalMilliseconds, buffer.AsSpan(0, count)) : traffic.Silence())
                Take(one);
            if (count == 0 && step.TakeOver(begun))
                return;
            patience = count > 0 || step.TakesOverAt - Now < Pause ? Pause : step.TakesOverAt - Now;
        }
    }

    void Take(TrafficEvent one)
    {
        switch (one.Kind)
        {
            case TrafficKind.Question:
                step.HeardQuestion(Now);
                Heard();
                question = one;
                Asked(one.Slave);
                break;
            case TrafficKind.Unclear:
                setup.Desk.Rejected(setup.Port, asked: null, "unclear", one.Bytes.Span);
                break;
            default:
                step.HeardAnswer(Now);
                Heard();
                if (question is { } asked && asked.Slave == one.Slave && asked.Function == one.Function)
                    Answered(asked, one);
                question = null;
                break;
        }
    }

    // What falls due while another box asks is that box's to read.
    void Heard()
    {
        heardAt = Now;
        asking.Pass();
        setup.Port.Share(StandbyState.Listening, "another box asks.");
    }

    void Asked(byte slave)
    {
        for (var i = 0; i < unanswered.Length; i++)
            if (asking.Devices[i] is ModbusDevice device && device.Address == slave && ++unanswered[i] > UnansweredMax)
                Become(device, Condition.Silent, device.Silent);
    }

    void Answered(TrafficEvent asked, TrafficEvent answer)
    {
        for (var i = 0; i < unanswered.Length; i++)
        {
            if (asking.Devices[i] is not ModbusDevice device || device.Address != answer.Slave)
                continue;
            unanswered[i] = 0;
            if (answer.Kind == TrafficKind.Refusal)
            {
                device.Sensor.Count(new SensorCounters { Exceptions = 1 });
                continue;
            }

            setup.Desk.Frame(setup.Port, device.Sensor);
            values.Clear();
            device.Overhear(asked.Pdu, answer.Pdu, values);
            var bootTimeMs = setup.Desk.BootTimeMs;
            foreach (var (stream, value, quality) in values)
                setup.Desk.Read(device.Sensor, stream, bootTimeMs, value, quality, Origin.Overheard);
            Become(device, Condition.Ok, "overheard: another box asks it.");
        }
    }

    void Turn()
    {
        var wasActive = step.IsActive;
        if (!step.Turn(Now) || !wasActive)
            return;
        setup.Port.Share(StandbyState.Listening, "this box stood still and does not know who asks.");
        LogStood(setup.Logger, setup.Port.Port);
    }

    void SayTakeOver()
    {
        var silence = Math.Round((Now - heardAt).TotalSeconds, 1);
        setup.Port.Share(StandbyState.Active, $"asks since nobody else did for {silence} s.");
        setup.Desk.TookOver(setup.Port, $"Nobody asked on {setup.Port.Port} for {silence} s: this box asks now.");
        LogTakeOver(setup.Logger, setup.Port.Port, silence);
    }

    void SayStepDown()
    {
        setup.Port.Share(StandbyState.Listening, "another box asks.");
        setup.Desk.SteppedDown(setup.Port, $"Another box asked on {setup.Port.Port} while this one did: this one listens from here on.");
        LogStepDown(setup.Logger, setup.Port.Port);
    }

    void Become(ModbusDevice device, Condition condition, string sentence)
    {
        if (device.Sensor.Become(condition, sentence))
            LogSensor(setup.Logger, device.Sensor.Options.Id, condition.Word(), sentence);
    }

    [LoggerMessage(150, LogLevel.Warning, "Nobody asked on {Port} for {Seconds} s: this box asks now.")]
    private static partial void LogTakeOver(ILogger logger, string port, double seconds);

    [LoggerMessage(151, LogLevel.Warning, "Another box asked on {Port} while this one did: this one listens from here on.")]
    private static partial void LogStepDown(ILogger logger, string port);

    [LoggerMessage(152, LogLevel.Warning, "This box stood still and does not know who asks on {Port}: it listens.")]
    private static partial void LogStood(ILogger logger, string port);

    [LoggerMessage(153, LogLevel.Information, "Sensor {Sensor} is {State}: {Sentence}")]
    private static partial void LogSensor(ILogger logger, string sensor, string state, string sentence);
}
