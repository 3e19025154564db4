namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>What became of a number; the values stand in the ledger's table, nobody renumbers.</summary>
public enum RecordState
{
    Waiting = 0,
    Stored = 1,
    SetAside = 2,
    Tombstoned = 3,
}
