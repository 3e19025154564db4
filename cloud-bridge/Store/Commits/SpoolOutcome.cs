using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Commits;

/// <summary>What one transaction made of the records of one spool; true once it is committed.</summary>
sealed class SpoolOutcome(string gateway, SpoolId spool)
{
    readonly List<RecordHash> hashes = [];
    readonly RangeSet stored = [];
    readonly RangeSet setAside = [];

    public string Gateway => gateway;

    public int Duplicates { get; set; }

    public int Equivocations { get; set; }

    /// <summary>What a person must hear of.</summary>
    public List<StoreEvent> Events { get; } = [];

    /// <summary>A catalog or a clock arrived, so parked blocks may become rows.</summary>
    public bool MayUnpark { get; set; }

    public long SetAsideCount => (long)setAside.Count;

    /// <summary>Notes a delivered record, in ascending order of numbers.</summary>
    public void Deliver(DeliveredRecord record, RecordState state)
    {
        hashes.Add(record.Hash);
        (state == RecordState.Stored ? stored : setAside).Add(record.Number);
    }

    /// <summary>Null when nothing of this spool was delivered.</summary>
    public GatewayAck? ToAck(string storeId) => hashes.Count == 0
        ? null
        : new GatewayAck(gateway, new Ack(storeId, spool, [.. stored], [.. setAside], RecordHash.DigestOf(hashes), []));
}
