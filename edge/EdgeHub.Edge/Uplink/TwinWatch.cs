namespace EdgeHub.Edge.Uplink;

/// <summary>
/// Judges how connections end: a take-over proves a second box with this one's id. MQTT 3.1.1 has no reason for an end, and some
/// brokers of MQTT 5 give none; then the rhythm is all there is to see, and it is a suspicion: let in, ended within seconds, again and again.
/// </summary>
public sealed class TwinWatch(string clientId, string broker, TimeSpan stableAfter, TimeProvider time)
{
    /// <summary>So many connections in a row that were let in and ended before they were stable.</summary>
    public const int EndsBeforeSuspicion = 4;

    const string Fix = "Give each box its own id (gateway.id), and look for a copied SD card.";

    static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    int endsInARow;
    long seenAt;
    UplinkState? last;

    /// <summary>The last sign of a twin, for an hour: in between the connection is good, and one who looks must find the reason all the same.</summary>
    public UplinkState? Recent => last is { } seen && time.GetElapsedTime(seenAt) < Remembered ? seen : null;

    /// <summary>The broker did not let us in: it is ill, and no twin is needed to explain it.</summary>
    public void NotLetIn() => endsInARow = 0;

    /// <summary>What to say of a connection that ended after <paramref name="lived"/>.</summary>
    public (ConnectionEnd End, UplinkState State) Judge(bool takenOver, TimeSpan lived)
    {
        if (takenOver)
            return (ConnectionEnd.TakenOver, Remember(new UplinkState(UplinkCondition.TakenOver, $"Another client with the id {clientId} took over the connection: two boxes have one gateway id.", Fix)));
        if (lived < stableAfter && ++endsInARow >= EndsBeforeSuspicion)
            return (ConnectionEnd.Failed, Remember(new UplinkState(UplinkCondition.TakeOverSuspected, $"{broker} let {clientId} in {endsInARow} times in a row and ended the connection within seconds: most likely two boxes have one gateway id.", Fix)));
        var lost = new UplinkState(UplinkCondition.LinkLost, $"The connection to {broker} was lost.", "The box connects again by itself.");
        if (lived < stableAfter)
            return (ConnectionEnd.Failed, lost);
        endsInARow = 0;
        return (ConnectionEnd.Lived, lost);
    }

    UplinkState Remember(UplinkState state)
    {
        (last, seenAt) = (state, time.GetTimestamp());
        return state;
    }
}
