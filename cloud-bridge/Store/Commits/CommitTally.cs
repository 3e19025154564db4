using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;

namespace EdgeHub.CloudBridge.Store.Commits;

/// <summary>Sums what the transactions of one batch did; grows only after a commit.</summary>
sealed class CommitTally
{
    readonly List<GatewayAck> acks = [];
    readonly List<StoreEvent> events = [];
    long readings;
    long setAside;
    long duplicates;
    long equivocations;
    long live;

    public bool MayUnpark { get; private set; }

    public void Add(string storeId, IReadOnlyList<SpoolOutcome> outcomes, int readingsStored, int liveReadings)
    {
        readings += readingsStored;
        live += liveReadings;
        foreach (var outcome in outcomes)
        {
            setAside += outcome.SetAsideCount;
            duplicates += outcome.Duplicates;
            equivocations += outcome.Equivocations;
            MayUnpark |= outcome.MayUnpark;
            events.AddRange(outcome.Events);
            if (outcome.ToAck(storeId) is { } ack)
                acks.Add(ack);
        }
    }

    public CommitResult ToResult() => new(acks, readings, setAside, duplicates, equivocations, live) { Events = events };
}
