namespace EdgeHub.Edge.Uplink;

/// <summary>How one attempt at a connection ended.</summary>
public enum ConnectionEnd
{
    /// <summary>It lived long enough to be called well; the next attempt starts afresh.</summary>
    Lived,

    /// <summary>It failed, or broke soon.</summary>
    Failed,

    /// <summary>Another client with our id took the session.</summary>
    TakenOver,
}
