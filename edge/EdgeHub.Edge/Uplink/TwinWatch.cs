namespace EdgeHub.Edge.Uplink;

/// <summary>
/// Whether a second box lives with this one's id. Two things prove it: a take-over that the broker calls one, and the city's word that
/// two boxes take turns. MQTT 3.1.1 has no reason for an end, and some brokers of MQTT 5 give none; there the rhythm is all there is to
/// see, and it is a suspicion: let in, ended within seconds, again and again. Once the city has said so, each end without a reason counts as a
/// take-over, so that both boxes back off; on a broker that gives reasons an end without one stays what it is.
/// </summary>
public sealed class TwinWatch(string clientId, string broker, TimeSpan stableAfter, TimeSpan takeOverDelayMax, TimeProvider time)
{
    /// <summary>So many connections in a row that were let in and ended before they were stable.</summary>
    public const int EndsBeforeSuspicion = 4;

    const string Fix = "Give each box its own id (gateway.id), and look for a copied SD card.";

    static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    readonly Lock gate = new();
    int endsInARow;
    bool givesReasons;
    Sign? last;
    Sign? told;

    /// <summary>The last sign of a twin, for an hour: in between the connection is good, and one who looks must find the reason all the same.</summary>
    public UplinkState? Recent
    {
        get
        {
            lock (gate)
                return Fresh(last)?.State;
        }
    }

    /// <summary>The broker did not let us in: it is ill, and no twin is needed to explain it.</summary>
    public void NotLetIn()
    {
        lock (gate)
            endsInARow = 0;
    }

    /// <summary>The city sees two boxes under this id; true when it had not said so within the hour.</summary>
    public bool Tell(string text)
    {
        lock (gate)
        {
            var isNews = Fresh(told) is null;
            told = last = new Sign(new UplinkState(UplinkCondition.TwinTold, $"The city sees that two boxes have one gateway id. {text}", "Look for a copied SD card."), time.GetTimestamp());
            return isNews;
        }
    }

    /// <summary>What to say of a connection that ended after <paramref name="lived"/>.</summary>
    public (ConnectionEnd End, UplinkState State) Judge(bool takenOver, TimeSpan lived)
    {
        lock (gate)
        {
            endsInARow = lived < stableAfter ? endsInARow + 1 : 0;
            givesReasons |= takenOver;
            if (takenOver)
                return (ConnectionEnd.TakenOver, Remember(UplinkCondition.TakenOver, $"Another client with the id {clientId} took over the connection: two boxes have one gateway id."));
            // A twin that backs off as well comes back within its longest wait: who lives longer was ended by something else.
            if (Fresh(told) is { } twin && !givesReasons && lived < takeOverDelayMax)
                return (ConnectionEnd.TakenOver, twin.State);
            if (endsInARow >= EndsBeforeSuspicion)
                return (ConnectionEnd.Failed, Remember(UplinkCondition.TakeOverSuspected, $"{broker} let {clientId} in {endsInARow} times in a row and ended the connection within seconds: most likely two boxes have one gateway id."));
            return (lived < stableAfter ? ConnectionEnd.Failed : ConnectionEnd.Lived, new UplinkState(UplinkCondition.LinkLost, $"The connection to {broker} was lost.", "The box connects again by itself."));
        }
    }

    UplinkState Remember(UplinkCondition condition, string sentence)
    {
        last = new Sign(new UplinkState(condition, sentence, Fix), time.GetTimestamp());
        return last.State;
    }

    Sign? Fresh(Sign? sign) => sign is { } seen && time.GetElapsedTime(seen.At) < Remembered ? seen : null;

    sealed record Sign(UplinkState State, long At);
}
