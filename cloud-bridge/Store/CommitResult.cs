namespace EdgeHub.CloudBridge.Store;

/// <summary>What a commit made true. The acks may go out: what they say is on the database's disk.</summary>
public sealed record CommitResult(IReadOnlyList<GatewayAck> Acks, long ReadingsStored, long RecordsSetAside, long Duplicates, long Equivocations);
