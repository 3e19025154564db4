using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;

namespace EdgeHub.CloudBridge.Store.Commits;

/// <summary>What a commit made true. The acks may go out: what they say is on the database's disk.</summary>
/// <param name="LiveReadings">Stored readings that a city topic could have shown: neither back-fill nor urgent.</param>
public sealed record CommitResult(IReadOnlyList<GatewayAck> Acks, long ReadingsStored, long RecordsSetAside, long Duplicates, long Equivocations, long LiveReadings)
{
    /// <summary>What the records told of that a person must hear; it stands in the event table already.</summary>
    public IReadOnlyList<StoreEvent> Events { get; init; } = [];
}
