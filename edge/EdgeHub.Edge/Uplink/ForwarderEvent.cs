using EdgeHub.Edge.Spool;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

#pragma warning disable CA1034 // A closed set of cases reads best in one place.
/// <summary>What can happen to the Forwarder; time itself is the second argument of the step.</summary>
public abstract record ForwarderEvent
{
    private ForwarderEvent()
    {
    }

    /// <summary>What the spool holds: at the start, and again whenever notices may have been missed.</summary>
    public sealed record Started(IReadOnlyList<SpoolView> Views) : ForwarderEvent;

    /// <summary>Records became durable.</summary>
    public sealed record Recorded(SpoolId Spool, SpoolClass Class, NumberRange Numbers, int Bytes) : ForwarderEvent;

    /// <summary>The broker let us in and the ack topic is subscribed.</summary>
    /// <param name="ReceiveMaximum">How many QoS 1 messages without PUBACK the server takes at once.</param>
    public sealed record Connected(int ReceiveMaximum) : ForwarderEvent;

    public sealed record Disconnected : ForwarderEvent;

    /// <summary>The broker's word on one envelope: MQTT 5 reason codes, 0 for "has it".</summary>
    public sealed record PubAck(ulong Envelope, int ReasonCode) : ForwarderEvent;

    /// <summary>The envelope could take records only up to this number; the rest still waits.</summary>
    public sealed record Cut(ulong Envelope, ulong LastNumber) : ForwarderEvent;

    /// <summary>How many bytes of records the envelope took; until it is said, as many as it was allowed.</summary>
    public sealed record Sized(ulong Envelope, int Bytes) : ForwarderEvent;

    /// <summary>The spool could not give the envelope's first record.</summary>
    /// <param name="Views">What waits, for it may be gone for good: thinned, dropped or damaged.</param>
    public sealed record Unreadable(ulong Envelope, IReadOnlyList<SpoolView> Views) : ForwarderEvent;

    /// <summary>The city says what is in its database.</summary>
    public sealed record AckArrived(Ack Ack) : ForwarderEvent;

    /// <summary>What the spool made of an ack that was passed to it.</summary>
    public sealed record AckJudged(Ack Ack, ReleaseResult Result) : ForwarderEvent;

    /// <summary>Whether the way in use may carry old records just now; urgent and live ones always go. Open until told otherwise.</summary>
    public sealed record BacklogGate(bool IsOpen) : ForwarderEvent;

    public sealed record Tick : ForwarderEvent;
}
