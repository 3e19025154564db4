namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>What is known of a cut; the values stand in the store's table, nobody renumbers.</summary>
public enum CutState
{
    /// <summary>Records before it are still on their way.</summary>
    Open = 0,

    Balanced = 1,

    /// <summary>What was recorded and what became of it differ: an alarm.</summary>
    Differs = 2,
}
