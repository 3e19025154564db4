using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Uplink;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Uplink;

/// <summary>
/// The step with a world around it that is only bookkeeping: what was recorded, what is on the way, what a store has. It checks after
/// each event what must hold after every event.
/// </summary>
sealed class StepWorld(ForwarderLimits limits, int seed = 1)
{
    readonly ForwarderStep step = new(limits, null, seed);
    readonly Dictionary<SpoolId, (SpoolClass Class, ulong Head, RangeSet Acked)> spools = [];
    readonly Dictionary<ulong, (ForwarderAction.Publish Publish, TimeSpan At)> onTheWay = [];
    readonly HashSet<ulong> unconfirmed = [];
    readonly List<(SpoolId Spool, NumberRange Numbers)> thinned = [];

    public ForwarderStep Step => step;

    public TimeSpan Now { get; private set; }

    public bool Connected { get; private set; }

    public int ReceiveMaximum { get; private set; }

    public TimeSpan? Deadline { get; private set; }

    public List<ForwarderAction> Last { get; } = [];

    public IReadOnlyList<ForwarderAction.Publish> Published => [.. Last.OfType<ForwarderAction.Publish>()];

    public IReadOnlyCollection<ForwarderAction.Publish> OnTheWay => [.. onTheWay.Values.Select(entry => entry.Publish)];

    public IReadOnlyCollection<ulong> Unconfirmed => unconfirmed;

    public ulong Waiting => spools.Values.Aggregate(0UL, (sum, spool) => sum + spool.Head - spool.Acked.Count);

    public void Record(int spool, SpoolClass spoolClass, int count)
    {
        var id = FakeSpools.Id(spool);
        var (_, head, acked) = spools.GetValueOrDefault(id, (spoolClass, 0UL, []));
        spools[id] = (spoolClass, head + (ulong)count, acked);
        Do(new ForwarderEvent.Recorded(id, spoolClass, new NumberRange(head + 1, head + (ulong)count), count * 40));
    }

    public void Resync() => Do(new ForwarderEvent.Started(Views));

    /// <summary>The box lets go of what waits, and the step does not know.</summary>
    public void Thin(SpoolId spool, NumberRange numbers) => thinned.Add((spool, numbers));

    /// <summary>The first record of the envelope is in no copy.</summary>
    public void Unreadable(ulong envelope)
    {
        onTheWay.Remove(envelope);
        unconfirmed.Remove(envelope);
        foreach (var (spool, numbers) in thinned)
            spools[spool].Acked.Add(numbers);
        Do(new ForwarderEvent.Unreadable(envelope, Views));
    }

    IReadOnlyList<SpoolView> Views => [.. spools.Select(entry => new SpoolView(entry.Key, entry.Value.Class, entry.Value.Head, RecordHash.Zero, new RangeSet(entry.Value.Acked), [], [], [.. entry.Value.Acked.GapsIn(new NumberRange(1, entry.Value.Head))], true))];

    public void Connect(int receiveMaximum = 100)
    {
        (Connected, ReceiveMaximum) = (true, receiveMaximum);
        Do(new ForwarderEvent.Connected(receiveMaximum));
    }

    public void Disconnect()
    {
        Connected = false;
        onTheWay.Clear();
        unconfirmed.Clear();
        Do(new ForwarderEvent.Disconnected());
    }

    public void PubAck(ulong envelope, int reasonCode = 0)
    {
        unconfirmed.Remove(envelope);
        if (reasonCode >= 0x80)
            onTheWay.Remove(envelope);
        Do(new ForwarderEvent.PubAck(envelope, reasonCode));
    }

    public void Ack(SpoolId spool, NumberRange numbers, string store = "city", ReleaseOutcome outcome = ReleaseOutcome.Released)
    {
        var ack = new Ack(store, spool, [numbers], [], RecordHash.Zero, []);
        Do(new ForwarderEvent.AckArrived(ack));
        if (!Last.OfType<ForwarderAction.Release>().Any())
            return;
        if (outcome == ReleaseOutcome.Released)
        {
            spools[spool].Acked.Add(numbers);
            foreach (var (id, entry) in onTheWay.Where(entry => entry.Value.Publish.Spool == spool && spools[spool].Acked.ContainsAll(entry.Value.Publish.Numbers)).ToArray())
                onTheWay.Remove(id);
        }

        Do(new ForwarderEvent.AckJudged(ack, new ReleaseResult(outcome, numbers.Count, 0)));
    }

    public void Wait(TimeSpan time)
    {
        Now += time;
        foreach (var (id, entry) in onTheWay.Where(entry => entry.Value.At + limits.AckTimeout <= Now).ToArray())
            onTheWay.Remove(id);
        Do(new ForwarderEvent.Tick());
    }

    public void Do(ForwarderEvent happened)
    {
        if (happened is ForwarderEvent.Cut cut && onTheWay.TryGetValue(cut.Envelope, out var whole))
            onTheWay[cut.Envelope] = whole with { Publish = whole.Publish with { Numbers = whole.Publish.Numbers with { Last = cut.LastNumber } } };
        Last.Clear();
        Last.AddRange(step.Handle(happened, Now));
        Deadline = Last.OfType<ForwarderAction.SetDeadline>().LastOrDefault()?.At;
        foreach (var publish in Published)
        {
            Assert.True(Connected, "Something was sent without a connection.");
            onTheWay.Add(publish.Envelope, (publish, Now));
            unconfirmed.Add(publish.Envelope);
            Assert.InRange(publish.Numbers.Count, 1UL, (ulong)limits.RecordsPerEnvelopeMax);
            Assert.True(publish.Numbers.Last <= spools[publish.Spool].Head, "Something was sent that was never recorded.");
        }

        Assert.True(onTheWay.Count <= Math.Min(limits.InFlightMax, Connected ? ReceiveMaximum : int.MaxValue), "More is in flight than the window.");
        Assert.True(!Connected || unconfirmed.Count <= ReceiveMaximum, "The server's Receive Maximum is exceeded.");
        var lanes = Published.Select(publish => (int)publish.Lane).ToArray();
        Assert.Equal(lanes.Order(), lanes);
        Assert.Equal(Waiting, step.Waiting);
    }

    /// <summary>A store that is well again: everything recorded must reach it, whatever happened before.</summary>
    public void Drain()
    {
        if (!Connected)
            Connect();
        for (var i = 0; Waiting > 0; i++)
        {
            Assert.True(i < 5000, $"{Waiting} records are forgotten: nothing sends them any more.");
            // The connection ends a broker that never confirms, so a well one confirms what is old as well.
            foreach (var envelope in unconfirmed.ToArray())
                PubAck(envelope);
            foreach (var publish in OnTheWay.ToArray())
                Ack(publish.Spool, publish.Numbers);

            Wait(Deadline is { } at && at > Now ? at - Now : TimeSpan.FromMilliseconds(100));
        }
    }
}
