namespace EdgeHub.Edge.Spool;

public enum ReleaseOutcome
{
    Released,

    /// <summary>Every number named was released before: an ack that came twice.</summary>
    AlreadyReleased,

    /// <summary>The store holds other bytes than this box recorded, or the ack was forged. Nothing is released.</summary>
    DigestDiffers,

    /// <summary>This box knows no such spool. Nothing is released.</summary>
    UnknownSpool,

    /// <summary>Numbers that were never recorded, or ranges that overlap. Nothing is released.</summary>
    UnknownNumbers,

    /// <summary>A record named can no longer be read here, so the digest cannot be checked. Nothing is released.</summary>
    Unreadable,
}
