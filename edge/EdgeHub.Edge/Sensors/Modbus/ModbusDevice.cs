using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>
/// One slave: the requests that read its profile. Where the configuration names a fingerprint the slave is asked who it is before
/// its values are, each time that it was away; another instrument under its address is refused.
/// </summary>
sealed class ModbusDevice : IBusDevice
{
    readonly ModbusSettings settings;
    readonly ModbusFraming framing;
    readonly ModbusIdentityCheck? identity;
    readonly Queue<(ModbusRequest Request, IReadOnlyList<int> Values)> round = new();
    IReadOnlyList<(ModbusRequest Request, IReadOnlyList<int> Values)> plan;
    byte[] pdu = [];
    byte refusal;

    public ModbusDevice(SensorState sensor, ModbusSettings settings, BusPace pace)
    {
        (Sensor, Pace, this.settings) = (sensor, pace, settings);
        Profile = settings.Profile ?? throw new ArgumentException("A Modbus sensor has a profile.", nameof(settings));
        framing = new ModbusFraming((byte)settings.Address, sensor.Options.Port is ModbusTcpPortUri);
        identity = settings.Fingerprint.Length > 0 ? new ModbusIdentityCheck(settings.Fingerprint, Profile.Identity?.Request((byte)settings.Address), Profile.Identity) : null;
        plan = RequestPlan.Build(Profile, (byte)settings.Address);
    }

    public SensorState Sensor { get; }

    public PortUri Port => Sensor.Options.Port;

    public BusPace Pace { get; }

    public int Address => settings.Address;

    string Name => $"slave {settings.Address}";

    public int Left => (identity?.Left ?? 0) + round.Count;

    public BusQuestion Question { get; private set; }

    public string Silent => framing.IsTcp
        ? $"{Name} does not answer: check its address (unit) at the instrument or gateway, and the wiring behind it."
        : $"{Name} does not answer: check its power, its address and the A/B wiring.";

    public string Garbled => framing.IsTcp
        ? $"{Name} answers what is no Modbus TCP: check that the port speaks Modbus TCP; a converter that passes serial bytes on is tcp:host:port."
        : $"{Name} answers with wrong checksums: check baud and parity, termination, cable, and that no other instrument has this address.";

    public (Condition Condition, string Sentence) Verdict =>
        identity?.Complaint is { } other ? (Condition.Fault, $"{Name}: {other}")
        : refusal != 0 ? (Condition.Fault, ModbusExceptionCode.Explain(refusal))
        : (Condition.Ok, "ok.");

    ModbusProfile Profile { get; }

    public void Begin(bool anew)
    {
        refusal = 0;
        identity?.Begin(anew);
        round.Clear();
        foreach (var item in plan)
            round.Enqueue(item);
        Ask();
    }

    public AnswerKind Look(ReadOnlySpan<byte> received) => framing.Find(received, pdu, out var answer) switch
    {
        ReplyStatus.Reply => AnswerKind.Answered,
        ReplyStatus.Exception => ModbusExceptionCode.IsPassing(answer[1]) ? AnswerKind.Busy : AnswerKind.Refused,
        ReplyStatus.Unchecked => AnswerKind.Unchecked,
        _ => AnswerKind.NeedMore,
    };

    public void Take(ReadOnlySpan<byte> received, List<BusValue> values)
    {
        framing.Find(received, pdu, out var answer);
        if (identity is { Left: > 0 })
        {
            identity.Take(answer);
            if (identity.Complaint is not null)
                round.Clear();
        }
        else
        {
            var (request, streams) = round.Dequeue();
            foreach (var stream in streams)
            {
                var (value, quality) = Profile.Registers[stream].Read(answer[ModbusPdu.PayloadAt..], request.Start);
                values.Add(new BusValue(stream, value, quality));
            }
        }

        Ask();
    }

    public void Refuse(ReadOnlySpan<byte> received)
    {
        framing.Find(received, pdu, out var answer);
        if (identity is { Left: > 0 })
        {
            identity.Refuse();
            round.Clear();
        }
        else if (answer[1] == ModbusExceptionCode.IllegalAddress && round.Peek().Values.Count > 1)
        {
            Unmerge();
        }
        else
        {
            refusal = answer[1];
            round.Dequeue();
        }

        Ask();
    }

    /// <summary>
    /// Adds the values that another box's question brought: those registers of the profile that lie whole within what was asked.
    /// Who the slave is cannot be asked here; the box that asks checks it.
    /// </summary>
    public void Overhear(ReadOnlySpan<byte> asked, ReadOnlySpan<byte> answer, List<BusValue> values)
    {
        if (ModbusPdu.ReadOf(asked) is not { } request || answer.Length != ModbusPdu.ExpectedBytes(asked))
            return;
        for (var stream = 0; stream < Profile.Registers.Count; stream++)
        {
            var register = Profile.Registers[stream];
            if (register.Function != request.Function || register.Address < request.Start || register.Address + register.Count > request.Start + request.Count)
                continue;
            var (value, quality) = register.Read(answer[ModbusPdu.PayloadAt..], request.Start);
            values.Add(new BusValue(stream, value, quality));
        }
    }

    // It refuses to read across unused registers: each value is asked by itself, from the one at hand on and for ever.
    void Unmerge()
    {
        var open = round.SelectMany(item => item.Values).ToHashSet();
        plan = RequestPlan.Build(Profile, (byte)settings.Address, merge: false);
        round.Clear();
        foreach (var item in plan.Where(item => open.Contains(item.Values[0])))
            round.Enqueue(item);
    }

    void Ask()
    {
        if (Left == 0)
            return;
        pdu = identity is { Left: > 0 } ? identity.Question : ModbusPdu.Read(round.Peek().Request);
        Question = new BusQuestion(framing.Wrap(pdu), framing.Bytes(identity is { Left: > 0 } ? ModbusPdu.BytesMax : ModbusPdu.ExpectedBytes(pdu)));
    }
}
