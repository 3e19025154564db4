namespace EdgeHub.Edge.Spool;

/// <summary>What an entry of the journal says.</summary>
#pragma warning disable CA1028 // One byte on the medium.
enum EntryKind : byte
#pragma warning restore CA1028
{
    /// <summary>A record: its exact bytes.</summary>
    Record = 1,

    /// <summary>How far another spool had come when this commit was written: finds its last record missing.</summary>
    Head = 2,

    /// <summary>Ranges the city's database holds.</summary>
    Released = 3,

    /// <summary>Ranges the city keeps raw because it could not store them.</summary>
    SetAside = 4,

    /// <summary>Ranges the city had acked and lost.</summary>
    Unreleased = 5,

    /// <summary>Ranges that a tombstone stands for.</summary>
    Tombstoned = 6,

    /// <summary>Begins a run of entries: each segment, and each start of the process. Its number counts the snapshots behind it.</summary>
    Start = 7,

    /// <summary>All that is known of one spool, so that older segments may go.</summary>
    Snapshot = 8,

    /// <summary>Closes a full segment.</summary>
    End = 9,

    /// <summary>Ranges whose originals the city holds after all: their tombstone no longer counts.</summary>
    Revived = 10,
}
