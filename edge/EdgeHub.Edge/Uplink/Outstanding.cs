using EdgeHub.Edge.Spool;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>
/// Everything that is recorded and not acked, and where each number of it stands: in a line of its spool, in flight, or
/// waiting to go again. No number is ever in none of these places.
/// </summary>
sealed class Outstanding(ForwarderLimits limits, Random chance)
{
    readonly List<WaitingSpool> spools = [];
    readonly Dictionary<SpoolId, WaitingSpool> byId = [];
    readonly Dictionary<ulong, Flight> flights = [];
    readonly List<Resend> resends = [];
    ulong lastEnvelope;

    public IReadOnlyCollection<Flight> Flights => flights.Values;

    public IReadOnlyList<WaitingSpool> Spools => spools;

    /// <summary>Records recorded and not acked.</summary>
    public ulong Records => spools.Aggregate(0UL, (sum, spool) => sum + spool.Waiting);

    /// <summary>Records of the backlog lane, in line, in flight or waiting to go again.</summary>
    public ulong Backlog =>
        spools.Where(spool => spool.Class != SpoolClass.Urgent).Aggregate(0UL, (sum, spool) => sum + spool.Backlog.Count)
        + flights.Values.Where(flight => flight.Lane == Lane.Backlog).Aggregate(0UL, (sum, flight) => sum + flight.Numbers.Count)
        + resends.Where(resend => resend.Lane == Lane.Backlog).Aggregate(0UL, (sum, resend) => sum + resend.Numbers.Count);

    public Flight? Find(ulong envelope) => flights.GetValueOrDefault(envelope);

    /// <summary>Takes the spool's word for what there is, what is acked and what is gone.</summary>
    public void Sync(IReadOnlyList<SpoolView> views, bool live, TimeSpan now)
    {
        foreach (var gone in spools.Where(spool => views.All(view => view.Id != spool.Id)).ToArray())
        {
            spools.Remove(gone);
            byId.Remove(gone.Id);
            resends.RemoveAll(resend => resend.Spool == gone.Id);
            foreach (var flight in flights.Values.Where(flight => flight.Spool == gone.Id).ToArray())
                flights.Remove(flight.Envelope);
        }

        foreach (var view in views.Where(view => view.Class is SpoolClass.Urgent or SpoolClass.Normal))
        {
            var known = byId.ContainsKey(view.Id);
            // Acked or tombstoned: either way there is nothing left to send.
            if (view.Head > 0)
                Release(view.Id, view.Class, new RangeSet(view.Waiting).GapsIn(new NumberRange(1, view.Head)).ToArray());
            Unrelease(view.Id, view.Waiting);
            if (view.Head > 0)
                Of(view.Id, view.Class).Add(new NumberRange(1, view.Head), 0, live && known, now);
        }
    }

    /// <summary>False when notices before this one were missed.</summary>
    public bool Record(SpoolId id, SpoolClass spoolClass, NumberRange numbers, int bytes, bool live, TimeSpan now) =>
        spoolClass is not (SpoolClass.Urgent or SpoolClass.Normal) || Of(id, spoolClass).Add(numbers, bytes, live, now);

    /// <summary>These are acked; the envelopes that are now acked whole.</summary>
    public IReadOnlyList<Flight> Release(SpoolId id, IEnumerable<NumberRange> ranges)
    {
        return byId.TryGetValue(id, out var spool) ? Release(id, spool.Class, ranges) : [];
    }

    /// <summary>These were called acked and are missing: they wait again, as far as they were ever recorded.</summary>
    public IReadOnlyList<NumberRange> Unrelease(SpoolId id, IEnumerable<NumberRange> missing)
    {
        if (!byId.TryGetValue(id, out var spool))
            return [];
        var again = missing.SelectMany(range => spool.Acked.Within(range)).Where(range => range.First <= spool.Head).Select(range => range with { Last = Math.Min(range.Last, spool.Head) }).ToArray();
        foreach (var range in again)
        {
            spool.Acked.Remove(range);
            spool.Backlog.Add(range);
        }

        return again;
    }

    /// <summary>The next envelope of a lane becomes a flight; null when the lane has nothing to send now.</summary>
    public Flight? Take(Lane lane, TimeSpan now, bool freshOnly)
    {
        var due = freshOnly ? null : FirstDue(resend => resend.Lane == lane, now);
        return due is not null ? Launch(due, now) : TakeFresh(lane, now);
    }

    /// <summary>The resend of any lane that is due longest.</summary>
    public Flight? TakeDue(TimeSpan now) => FirstDue(_ => true, now) is { } due ? Launch(due, now) : null;

    /// <summary>The envelope took fewer records than it was to: the rest is back in line.</summary>
    public void Cut(Flight flight, ulong last)
    {
        if (last >= flight.Numbers.Last || last < flight.Numbers.First)
            return;
        byId[flight.Spool].Return(new NumberRange(last + 1, flight.Numbers.Last), flight.Lane == Lane.Live);
        flight.Numbers = flight.Numbers with { Last = last };
    }

    /// <summary>The envelope came to nothing: what of it is not acked goes again after a growing wait, in halves if it is to be split.</summary>
    public void Fail(Flight flight, TimeSpan now, bool inSilence, bool split, bool suspect = false)
    {
        flights.Remove(flight.Envelope);
        var spool = byId[flight.Spool];
        foreach (var range in spool.Acked.GapsIn(flight.Numbers).SelectMany(range => split ? Halves(range) : [range]).ToArray())
            if (resends.Count >= limits.ResendsMax)
                spool.Return(range, live: false);
            else
                resends.Add(new Resend(flight.Spool, range, flight.Lane, flight.Attempt, now + Backoff.After(flight.Attempt, limits.ResendDelayFirst, limits.ResendDelayMax, chance), inSilence, suspect));
    }

    /// <summary>An ack came: what failed only for want of acks is due now.</summary>
    public void Wake(TimeSpan now)
    {
        for (var i = 0; i < resends.Count; i++)
            if (resends[i].InSilence)
                resends[i] = resends[i] with { DueAt = now, InSilence = false };
    }

    /// <summary>The connection is gone: everything un-acked is backlog and goes again on the next one.</summary>
    public void Age()
    {
        foreach (var flight in flights.Values)
            byId[flight.Spool].Return(flight.Numbers, live: false);
        flights.Clear();
        foreach (var resend in resends.Where(resend => !resend.IsSuspect))
            byId[resend.Spool].Return(resend.Numbers, live: false);
        resends.RemoveAll(resend => !resend.IsSuspect);
        foreach (var spool in spools)
            spool.Age();
    }

    /// <summary>The next moment after <paramref name="now"/> at which time alone makes something possible or overdue.</summary>
    public TimeSpan? NextChange(TimeSpan now)
    {
        var moments = flights.Values.Select(flight => flight.Deadline)
            .Concat(resends.Select(resend => resend.DueAt))
            .Concat(spools.Where(spool => !spool.Live.IsEmpty).Select(spool => spool.LiveSince + limits.Linger));
        TimeSpan? next = null;
        foreach (var moment in moments)
            if (moment > now && (next is null || moment < next))
                next = moment;
        return next;
    }

    Flight[] Release(SpoolId id, SpoolClass spoolClass, IEnumerable<NumberRange> ranges)
    {
        var spool = Of(id, spoolClass);
        foreach (var range in ranges)
            spool.MarkAcked(range);
        for (var i = resends.Count - 1; i >= 0; i--)
            if (resends[i] is { } resend && resend.Spool == id)
            {
                resends.RemoveAt(i);
                resends.InsertRange(i, spool.Acked.GapsIn(resend.Numbers).Select(gap => resend with { Numbers = gap }));
            }

        var done = flights.Values.Where(flight => flight.Spool == id && spool.Acked.ContainsAll(flight.Numbers)).ToArray();
        foreach (var flight in done)
            flights.Remove(flight.Envelope);
        return done;
    }

    WaitingSpool Of(SpoolId id, SpoolClass spoolClass)
    {
        if (byId.TryGetValue(id, out var spool))
            return spool;
        spool = byId[id] = new WaitingSpool(id, spoolClass);
        spools.Add(spool);
        return spool;
    }

    Resend? FirstDue(Func<Resend, bool> wanted, TimeSpan now) =>
        resends.Where(resend => resend.DueAt <= now && wanted(resend)).MinBy(resend => resend.DueAt);

    Flight? TakeFresh(Lane lane, TimeSpan now)
    {
        foreach (var spool in spools)
            if (spool.Class == SpoolClass.Urgent == (lane == Lane.Urgent) && TakeFrom(spool, lane, now) is { } numbers)
                return Launch(new Resend(spool.Id, numbers, lane, 0, now, InSilence: false), now);
        return null;
    }

    NumberRange? TakeFrom(WaitingSpool spool, Lane lane, TimeSpan now) => lane switch
    {
        Lane.Urgent => WaitingSpool.Take(spool.Backlog, limits.RecordsPerEnvelopeMax) ?? WaitingSpool.Take(spool.Live, limits.RecordsPerEnvelopeMax),
        Lane.Live when IsGathered(spool, now) => WaitingSpool.Take(spool.Live, limits.RecordsPerEnvelopeMax),
        Lane.Backlog => WaitingSpool.Take(spool.Backlog, limits.RecordsPerEnvelopeMax),
        _ => null,
    };

    bool IsGathered(WaitingSpool spool, TimeSpan now) =>
        !spool.Live.IsEmpty && (now >= spool.LiveSince + limits.Linger || spool.LiveBytes >= limits.BytesPerEnvelopeMax || spool.Live.Count >= (ulong)limits.RecordsPerEnvelopeMax);

    Flight Launch(Resend resend, TimeSpan now)
    {
        resends.Remove(resend);
        var flight = new Flight(++lastEnvelope, resend.Spool, resend.Numbers, resend.Lane, resend.Attempt + 1, now, now + limits.AckTimeout);
        flights.Add(flight.Envelope, flight);
        return flight;
    }

    static IEnumerable<NumberRange> Halves(NumberRange range)
    {
        if (range.Count < 2)
            return [range];
        var middle = range.First + (range.Count / 2) - 1;
        return [range with { Last = middle }, range with { First = middle + 1 }];
    }
}
