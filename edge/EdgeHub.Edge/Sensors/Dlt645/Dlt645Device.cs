using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Dlt645;

/// <summary>One electricity meter: a question for each data identifier, and more of them while the meter says that more follows.</summary>
sealed class Dlt645Device : IBusDevice
{
    /// <summary>Frames that may follow the first one; what is read here fits into one.</summary>
    const int FollowingMax = 8;

    readonly Dlt645Settings settings;
    readonly List<byte> data = [];
    int item;
    byte following;
    byte error;

    public Dlt645Device(SensorState sensor, Dlt645Settings settings, BusPace pace) => (Sensor, Pace, this.settings) = (sensor, pace, settings);

    public SensorState Sensor { get; }

    public PortUri Port => Sensor.Options.Port;

    public BusPace Pace { get; }

    string Name => $"meter {settings.AddressText}";

    public int Left => settings.Items.Count - item;

    public BusQuestion Question { get; private set; }

    public string Silent => $"{Name} does not answer: check its address (12 digits on its plate), the A/B wiring, and that the line is set as the meter is (2400 baud, even parity unless it was changed).";

    public string Garbled => $"{Name} answers with wrong checksums: check baud and parity (2400 and even unless they were changed), termination and cable.";

    public (Condition Condition, string Sentence) Verdict => error != 0 ? (Condition.Fault, Dlt645Frames.Explain(error)) : (Condition.Ok, "ok.");

    public void Begin(bool anew)
    {
        (item, error) = (0, 0);
        Ask();
    }

    public AnswerKind Look(ReadOnlySpan<byte> received) => Dlt645Frames.Find(received, Question.Bytes.Span, out _);

    public void Take(ReadOnlySpan<byte> received, List<BusValue> values)
    {
        Dlt645Frames.Find(received, Question.Bytes.Span, out var answer);
        data.AddRange(answer.Data.Span);
        if (answer.HasMore && following < FollowingMax)
        {
            following++;
            Question = Question with { Bytes = Dlt645Frames.ReadFollowing(settings.Address.Span, settings.Items[item].DataId, following) };
            return;
        }

        var stream = settings.Items.Take(item).Sum(earlier => earlier.Fields.Count);
        ReadOnlySpan<byte> rest = data.ToArray();
        foreach (var field in settings.Items[item].Fields)
        {
            var (value, quality) = field.Read(rest);
            values.Add(new BusValue(stream++, value, quality));
            rest = rest[Math.Min(field.Bytes, rest.Length)..];
        }

        item++;
        Ask();
    }

    public void Refuse(ReadOnlySpan<byte> received)
    {
        Dlt645Frames.Find(received, Question.Bytes.Span, out var answer);
        error = answer.Data.Span[0];
        item++;
        Ask();
    }

    void Ask()
    {
        data.Clear();
        following = 0;
        if (Left > 0)
            Question = new BusQuestion(Dlt645Frames.Read(settings.Address.Span, settings.Items[item].DataId), Dlt645Frames.AnswerBytes(settings.Items[item].DataBytes));
    }
}
