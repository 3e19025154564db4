namespace EdgeHub.CloudBridge.Store;

/// <summary>What a failed statement means. The numbers stand on <c>/metrics</c> as the store's condition; nobody renumbers.</summary>
public enum StoreFault
{
    /// <summary>It takes commits.</summary>
    None = 0,

    /// <summary>The database cannot be reached or restarts: it comes back by itself.</summary>
    Away = 1,

    /// <summary>No space is left for it.</summary>
    DiskFull = 2,

    /// <summary>This user may not connect, read or write.</summary>
    PermissionDenied = 3,

    /// <summary>A table or column is not there: somebody changed the schema.</summary>
    SchemaGone = 4,

    /// <summary>It takes no writes: a standby, or a medium mounted read-only.</summary>
    ReadOnly = 5,

    /// <summary>Its files are damaged.</summary>
    Damaged = 6,

    /// <summary>It refuses these values and always will: the record is at fault. Never a condition: the record is set aside.</summary>
    Data = 100,

    /// <summary>Two transactions were in each other's way: the same one succeeds when it is tried again. Never a condition.</summary>
    Conflict = 101,
}
