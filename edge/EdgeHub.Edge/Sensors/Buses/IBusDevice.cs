using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>
/// One instrument on a shared line, as its protocol sees it: what it is asked in a round, and what its answers mean. It does not
/// wait and does not touch the line; one loop uses it.
/// </summary>
interface IBusDevice
{
    SensorState Sensor { get; }

    /// <summary>Its port: how the line must be set while it is talked to.</summary>
    PortUri Port { get; }

    BusPace Pace { get; }

    /// <summary>Questions that this round still has, the one at hand included; 0 when it is complete.</summary>
    int Left { get; }

    /// <summary>The question at hand, where there is one left.</summary>
    BusQuestion Question { get; }

    /// <summary>A round begins.</summary>
    /// <param name="anew">The instrument was away: who answers now may be another one.</param>
    void Begin(bool anew);

    /// <summary>Judges all bytes that came since the question. Pure and total.</summary>
    AnswerKind Look(ReadOnlySpan<byte> received);

    /// <summary>Takes the answer that was found in the bytes, adds the values that it brings and goes on to the next question.</summary>
    void Take(ReadOnlySpan<byte> received, List<BusValue> values);

    /// <summary>Takes the refusal that was found in the bytes and goes on to the next question.</summary>
    void Refuse(ReadOnlySpan<byte> received);

    /// <summary>What to do when nothing comes from it.</summary>
    string Silent { get; }

    /// <summary>What to do when what comes does not check.</summary>
    string Garbled { get; }

    /// <summary>How the instrument is after a round: what it refused, or that it is well.</summary>
    (Condition Condition, string Sentence) Verdict { get; }
}
