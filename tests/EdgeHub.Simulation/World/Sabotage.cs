namespace EdgeHub.Simulation.World;

/// <summary>
/// One rule broken on purpose, in the world around the product: an oracle that stays green over it proves nothing.
/// </summary>
enum Sabotage
{
    None,

    /// <summary>After a power cut the journal is gone.</summary>
    LiteDbAlone,

    /// <summary>A sync says yes and does nothing.</summary>
    NoFsync,

    /// <summary>A sync that failed says yes, as .NET 10 does on Linux.</summary>
    HiddenFsyncError,

    /// <summary>The broker's word that it has a message counts as the city's.</summary>
    DeleteOnPubAck,

    /// <summary>The ack leaves when a message arrives, not when it is committed.</summary>
    AckBeforeCommit,

    /// <summary>One record that was lost on the way is never sent again.</summary>
    MissingResend,

    /// <summary>Acks of any store count.</summary>
    StoreIdIgnored,

    /// <summary>An ack counts whatever its digest says.</summary>
    DigestIgnored,

    /// <summary>A start gives the ids and numbers of the start before.</summary>
    NumbersReused,

    /// <summary>One row that was committed vanishes from the database.</summary>
    LosesRow,

    /// <summary>The box counts a reading that it never recorded.</summary>
    CountsTooMany,
}
