namespace EdgeHub.Edge.Uplink;

/// <summary>Why the active uplink is the active one.</summary>
public enum SwitchReason
{
    /// <summary>It is the first in order.</summary>
    Preferred,

    /// <summary>The one before it had no connection.</summary>
    NoConnection,

    /// <summary>The one before it took what was sent, and no ack came.</summary>
    NoAcks,

    /// <summary>It is better than the one before it, and has acked again.</summary>
    CameBack,

    /// <summary>All others failed too.</summary>
    NothingElse,
}
