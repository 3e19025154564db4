using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>Hashes of consecutive records; <paramref name="Short"/> is empty once they are older than the ledger keeps them.</summary>
sealed record HashRun(NumberRange Numbers, byte[] Short, RecordHash Chain);
