namespace EdgeHub.Edge.Spool;

public enum SpoolCondition
{
    Ok,

    /// <summary>Recording goes on; something needs a look.</summary>
    Degraded,

    /// <summary>Recording goes on; for want of space the oldest normal readings that wait become minutes.</summary>
    Thinning,

    /// <summary>Recording goes on; for want of space the oldest readings that wait are dropped.</summary>
    Dropping,

    /// <summary>Nothing more can be recorded for want of space.</summary>
    Full,

    /// <summary>Nothing more can be recorded because the medium refuses.</summary>
    Failed,

    /// <summary>No medium takes what is read: it is kept in memory only and sent directly, outside the promise until it is acked or recorded.</summary>
    Volatile,
}
