using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

#pragma warning disable CA1034 // A closed set of cases reads best in one place.
/// <summary>What the step wants done; the shell does it in this order.</summary>
public abstract record ForwarderAction
{
    private ForwarderAction()
    {
    }

    /// <summary>Send these records, or as many from the first on as one message takes.</summary>
    /// <param name="Attempt">1 for the first time.</param>
    /// <param name="BytesMax">Bytes of its records; one longer record goes alone.</param>
    public sealed record Publish(ulong Envelope, SpoolId Spool, NumberRange Numbers, Lane Lane, int Attempt, int BytesMax) : ForwarderAction;

    /// <summary>Pass the ack to the spool, which compares the digest; its answer is <see cref="ForwarderEvent.AckJudged"/>.</summary>
    public sealed record Release(Ack Ack) : ForwarderAction;

    /// <summary>The store has lost what we called acked.</summary>
    public sealed record Unrelease(SpoolId Spool, IReadOnlyList<NumberRange> Missing) : ForwarderAction;

    /// <summary>From now on only this store's acks count, also after a restart.</summary>
    public sealed record PinStore(string Store) : ForwarderAction;

    /// <summary>How delivery stands has changed.</summary>
    public sealed record Report(DeliveryState State) : ForwarderAction;

    /// <summary>The bound store sees a second live box with this one's id.</summary>
    public sealed record TwinTold(string Text) : ForwarderAction;

    /// <summary>A verified ack ended an envelope's journey.</summary>
    public sealed record Delivered(Lane Lane, ulong Records, TimeSpan Latency) : ForwarderAction;

    /// <summary>Come back with a <see cref="ForwarderEvent.Tick"/> then, when nothing happens before.</summary>
    public sealed record SetDeadline(TimeSpan At) : ForwarderAction;
}
