namespace EdgeHub.Edge.Spool;

public enum SpoolCondition
{
    Ok,

    /// <summary>Recording goes on; something needs a look.</summary>
    Degraded,

    /// <summary>Nothing more can be recorded for want of space.</summary>
    Full,

    /// <summary>Nothing more can be recorded because the medium refuses.</summary>
    Failed,
}
