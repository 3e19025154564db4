using EdgeHub.CloudBridge.Store.Ledger;

namespace EdgeHub.CloudBridge.Store.Commits;

/// <summary>What a commit made true. The acks may go out: what they say is on the database's disk.</summary>
/// <param name="LiveReadings">Stored readings that a city topic could have shown: neither back-fill nor urgent.</param>
public sealed record CommitResult(IReadOnlyList<GatewayAck> Acks, long ReadingsStored, long RecordsSetAside, long Duplicates, long Equivocations, long LiveReadings);
