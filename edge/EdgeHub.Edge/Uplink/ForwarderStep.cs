using EdgeHub.Edge.Spool;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>
/// The Forwarder's whole judgement, without a clock, a thread or a socket: an event and a moment go in, actions come out.
/// <list type="bullet">
/// <item>Only an ack of the pinned store whose digest the spool agrees with ends a record's wait. A PUBACK is the broker's word
/// and releases nothing.</item>
/// <item>Whatever is un-acked goes again: after its own ack timeout on a healthy connection, and all of it after a reconnect.</item>
/// <item>Urgent goes before live, live before backlog; the backlog has a budget of its own and never the last free slots.</item>
/// <item>Never more envelopes in flight than the window, never more without PUBACK than the server's Receive Maximum.</item>
/// <item>While no ack comes at all, one probe replaces the window; each probe carries what was tried least, so that no
/// poisoned envelope can stand for a store that is well.</item>
/// </list>
/// Moments are counted from any fixed one and never go back.
/// </summary>
public sealed class ForwarderStep(ForwarderLimits limits, string? pinnedStore, int seed)
{
    const int NoMatchingSubscribers = 0x10;
    const int FailureFrom = 0x80;
    const int NotAuthorised = 0x87;
    const int PacketTooLarge = 0x95;
    const int QuotaExceeded = 0x97;
    const int PayloadFormatInvalid = 0x99;

    readonly Random chance = new(seed);
    readonly Outstanding outstanding = new(limits, new Random(seed));
    readonly BacklogBudget budget = new(limits);
    readonly HashSet<ulong> unconfirmed = [];
    readonly List<ForwarderAction> actions = [];

    bool connected;
    bool backlogMayGo = true;
    int receiveMaximum;
    TimeSpan? lastAckAt;
    bool ackedOnConnection;
    int breaks;
    bool probing;
    int probes;
    TimeSpan probingSince;
    TimeSpan probeAt;

    /// <summary>How delivery stands.</summary>
    public DeliveryState State { get; private set; }

    /// <summary>The store whose acks count; null until the first one.</summary>
    public string? Store { get; private set; } = pinnedStore;

    /// <summary>Records recorded and not acked.</summary>
    public ulong Waiting => outstanding.Records;

    /// <summary>Of these the old ones: recorded before this connection, or sent in vain.</summary>
    public ulong Backlog => outstanding.Backlog;

    public int InFlight => outstanding.Flights.Count;

    /// <summary>Takes one event and says what to do. The list is the caller's until the next call.</summary>
    public IReadOnlyList<ForwarderAction> Handle(ForwarderEvent happened, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(happened);
        actions.Clear();
        switch (happened)
        {
            case ForwarderEvent.Started started:
                outstanding.Sync(started.Views, connected, now);
                break;
            case ForwarderEvent.Recorded recorded:
                outstanding.Record(recorded.Spool, recorded.Class, recorded.Numbers, recorded.Bytes, connected, now);
                break;
            case ForwarderEvent.Connected link:
                Connect(link, now);
                break;
            case ForwarderEvent.Disconnected:
                Disconnect(now);
                break;
            case ForwarderEvent.PubAck puback:
                Confirm(puback, now);
                break;
            case ForwarderEvent.Cut cut when outstanding.Find(cut.Envelope) is { } flight:
                outstanding.Cut(flight, cut.LastNumber);
                break;
            case ForwarderEvent.Sized sized when outstanding.Find(sized.Envelope) is { } flight:
                flight.Bytes = sized.Bytes;
                break;
            case ForwarderEvent.Unreadable unreadable:
                unconfirmed.Remove(unreadable.Envelope);
                if (outstanding.Find(unreadable.Envelope) is { } unsent)
                    outstanding.Fail(unsent, now, inSilence: false, split: true);
                outstanding.Sync(unreadable.Views, connected, now);
                break;
            case ForwarderEvent.AckArrived arrived:
                Weigh(arrived.Ack);
                break;
            case ForwarderEvent.AckJudged judged:
                Settle(judged.Ack, judged.Result, now);
                break;
            case ForwarderEvent.BacklogGate gate:
                backlogMayGo = gate.IsOpen;
                break;
        }

        Expire(now);
        Fill(now);
        if (NextDeadline(now) is { } deadline)
            actions.Add(new ForwarderAction.SetDeadline(deadline));
        return actions;
    }

    void Connect(ForwarderEvent.Connected link, TimeSpan now)
    {
        connected = true;
        receiveMaximum = Math.Max(1, link.ReceiveMaximum);
        ackedOnConnection = false;
        probing = breaks >= limits.BreaksBeforeProbe;
        (probes, probingSince, probeAt) = (0, now, now);
        budget.Reset();
        Report(DeliveryState.Delivering);
    }

    void Disconnect(TimeSpan now)
    {
        if (!connected)
            return;
        connected = false;
        // The one envelope that is on the way each time the connection breaks may be what breaks it.
        if (breaks >= limits.BreaksBeforeProbe && outstanding.Flights.Count == 1 && outstanding.Flights.First() is { IsConfirmed: false } alone)
            outstanding.Fail(alone, now, inSilence: false, split: true, suspect: true);
        if (ackedOnConnection)
            breaks = 0;
        else if (unconfirmed.Count > 0)
            breaks++;
        unconfirmed.Clear();
        outstanding.Age();
    }

    void Confirm(ForwarderEvent.PubAck puback, TimeSpan now)
    {
        unconfirmed.Remove(puback.Envelope);
        if (outstanding.Find(puback.Envelope) is not { } flight)
            return;
        flight.IsConfirmed = puback.ReasonCode < FailureFrom;
        // Only the broker's word: a bridge that reads inside the broker is no subscriber, and its ack may come all the same.
        flight.HasNoSubscriber = puback.ReasonCode == NoMatchingSubscribers;
        switch (puback.ReasonCode)
        {
            case PacketTooLarge or PayloadFormatInvalid:
                // The envelope's own fault says nothing about the others.
                Report(DeliveryState.Refused);
                outstanding.Fail(flight, now, inSilence: false, split: true);
                break;
            case >= FailureFrom:
                Report(puback.ReasonCode switch { NotAuthorised => DeliveryState.NotAuthorised, QuotaExceeded => DeliveryState.QuotaExceeded, _ => DeliveryState.Refused });
                Fail(flight, now);
                break;
        }
    }

    void Weigh(Ack ack)
    {
        if (ack.Twin is { Length: > 0 } twin && ack.Store == Store)
            actions.Add(new ForwarderAction.TwinTold(twin));
        if (Store is not null && ack.Store != Store)
            Report(DeliveryState.ForeignStore);
        else if (ack.Stored.Count + ack.SetAside.Count > 0)
            actions.Add(new ForwarderAction.Release(ack));
        else
            TakeBack(ack);
    }

    // What the store lost waits again; only the store that this box is bound to can have lost anything.
    void TakeBack(Ack ack)
    {
        if (Store == ack.Store && outstanding.Unrelease(ack.Spool, ack.Missing) is { Count: > 0 } again)
            actions.Add(new ForwarderAction.Unrelease(ack.Spool, again));
    }

    void Settle(Ack ack, ReleaseResult result, TimeSpan now)
    {
        if (!result.IsReleased)
        {
            if (result.Outcome == ReleaseOutcome.DigestDiffers)
                Report(DeliveryState.DigestDiffers);
            return;
        }

        var ranges = ack.Stored.Concat(ack.SetAside).ToArray();
        if (ranges.Length > 0)
        {
            if (Store is null)
                actions.Add(new ForwarderAction.PinStore(Store = ack.Store));
            (lastAckAt, ackedOnConnection, breaks, probing) = (now, true, 0, false);
            outstanding.Wake(now);
            Report(DeliveryState.Delivering);
        }

        foreach (var flight in outstanding.Release(ack.Spool, ranges))
        {
            budget.Saw(now - flight.SentAt);
            if (flight.Lane == Lane.Backlog)
                budget.Acked(flight.Bytes, flight.SentAt, now);
            actions.Add(new ForwarderAction.Delivered(flight.Lane, flight.Numbers.Count, now - flight.SentAt));
        }

        TakeBack(ack);
    }

    void Expire(TimeSpan now)
    {
        foreach (var flight in outstanding.Flights.Where(flight => flight.Deadline <= now).ToArray())
        {
            if (IsSilentSince(flight) && State is DeliveryState.Delivering or DeliveryState.BrokerSilent or DeliveryState.NobodyStores or DeliveryState.NobodySubscribes)
                Report(flight.HasNoSubscriber ? DeliveryState.NobodySubscribes : flight.IsConfirmed ? DeliveryState.NobodyStores : DeliveryState.BrokerSilent);
            Fail(flight, now);
        }
    }

    void Fail(Flight flight, TimeSpan now)
    {
        var silent = IsSilentSince(flight);
        if (flight.Lane == Lane.Backlog)
            budget.TimedOut(flight.SentAt, now);
        outstanding.Fail(flight, now, silent, split: !silent && flight.Attempt >= limits.AttemptsBeforeSplit);
        if (!silent || (probing && flight.SentAt < probingSince))
            return;
        if (!probing)
            (probing, probes, probingSince) = (true, 0, now);
        probeAt = now + Backoff.After(++probes, limits.ResendDelayFirst, limits.ProbeDelayMax, chance);
    }

    bool IsSilentSince(Flight flight) => lastAckAt is not { } last || last < flight.SentAt;

    void Fill(TimeSpan now)
    {
        while (connected && Next(now) is { } flight)
        {
            unconfirmed.Add(flight.Envelope);
            if (flight.Lane == Lane.Backlog)
                budget.Sent(now);
            flight.Bytes = flight.Lane == Lane.Backlog ? budget.EnvelopeBytes : limits.BytesPerEnvelopeMax;
            actions.Add(new ForwarderAction.Publish(flight.Envelope, flight.Spool, flight.Numbers, flight.Lane, flight.Attempt, flight.Bytes));
        }
    }

    Flight? Next(TimeSpan now)
    {
        if (unconfirmed.Count >= receiveMaximum)
            return null;
        if (probing && (outstanding.Flights.Count > 0 || now < probeAt))
            return null;
        foreach (var lane in (ReadOnlySpan<Lane>)[Lane.Urgent, Lane.Live, Lane.Backlog])
            if (HasRoom(lane, now) && outstanding.Take(lane, now, freshOnly: probing) is { } flight)
                return flight;
        return probing && backlogMayGo ? outstanding.TakeDue(now) : null;
    }

    // Slots are kept: the last ones for urgent alone, some more for urgent and live.
    bool HasRoom(Lane lane, TimeSpan now)
    {
        var window = Math.Min(limits.InFlightMax, receiveMaximum);
        var (urgentOnly, notBacklog) = (window >= 4 ? Math.Max(1, window / 10) : 0, window >= 2 ? Math.Max(1, window / 5) : 0);
        var inFlight = outstanding.Flights.Count;
        var urgent = outstanding.Flights.Count(flight => flight.Lane == Lane.Urgent);
        var backlog = outstanding.Flights.Where(flight => flight.Lane == Lane.Backlog).ToArray();
        return inFlight < window && lane switch
        {
            Lane.Urgent => true,
            Lane.Live => inFlight - urgent < window - urgentOnly,
            _ => backlogMayGo && backlog.Length < window - urgentOnly - notBacklog && (backlog.Length == 0 || backlog.Sum(flight => (long)flight.Bytes) + budget.EnvelopeBytes <= budget.Bytes) && inFlight - urgent < window - urgentOnly && now >= budget.NextAt,
        };
    }

    TimeSpan? NextDeadline(TimeSpan now)
    {
        var next = outstanding.NextChange(now);
        foreach (var moment in (ReadOnlySpan<TimeSpan>)[budget.NextAt, probeAt])
            if (moment > now && (next is null || moment < next))
                next = moment;
        return next;
    }

    void Report(DeliveryState state)
    {
        if (state == State)
            return;
        State = state;
        actions.Add(new ForwarderAction.Report(state));
    }
}
