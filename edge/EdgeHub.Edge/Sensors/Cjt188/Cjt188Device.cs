using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Cjt188;

/// <summary>One water, heat or gas meter: a single question a round brings all its present values.</summary>
sealed class Cjt188Device : IBusDevice
{
    readonly Cjt188Settings settings;
    byte serial;
    bool refused;

    public Cjt188Device(SensorState sensor, Cjt188Settings settings, BusPace pace) => (Sensor, Pace, this.settings) = (sensor, pace, settings);

    public SensorState Sensor { get; }

    public PortUri Port => Sensor.Options.Port;

    public BusPace Pace { get; }

    string Name => $"meter {settings.AddressText}";

    public int Left { get; private set; }

    public BusQuestion Question { get; private set; }

    public string Silent => $"{Name} does not answer: check its address (14 digits) and kind, the wiring, the line's baud and parity (2400 and even unless they were changed), and try order {(settings.LowFirst ? Cjt188Driver.HighFirst : Cjt188Driver.LowFirst)}.";

    public string Garbled => $"{Name} answers with wrong checksums: check baud and parity (2400 and even unless they were changed) and cable.";

    public (Condition Condition, string Sentence) Verdict =>
        refused ? (Condition.Fault, $"{Name} refuses to tell its present values: check its kind, and try the other order.") : (Condition.Ok, "ok.");

    public void Begin(bool anew)
    {
        (Left, refused) = (1, false);
        Question = new BusQuestion(Cjt188Frames.Read(settings.Kind.Type, settings.Address.Span, settings.LowFirst, serial++), Cjt188Frames.AnswerBytes(settings.Kind.DataBytes));
    }

    public AnswerKind Look(ReadOnlySpan<byte> received) => Cjt188Frames.Find(received, Question.Bytes.Span, out _);

    public void Take(ReadOnlySpan<byte> received, List<BusValue> values)
    {
        Cjt188Frames.Find(received, Question.Bytes.Span, out var data);
        for (var stream = 0; stream < settings.Kind.Streams.Count; stream++)
        {
            var (value, quality) = settings.Kind.Read(data, stream);
            values.Add(new BusValue(stream, value, quality));
        }

        Left = 0;
    }

    public void Refuse(ReadOnlySpan<byte> received) => (Left, refused) = (0, true);
}
