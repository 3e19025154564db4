namespace EdgeHub.Edge.Spool.Media;

/// <summary>How one of two media is.</summary>
public enum MediumCondition
{
    /// <summary>It has everything, or is less behind than the limit.</summary>
    Ok,

    /// <summary>It takes what it gets but is further behind than the limit; it catches up from the other copy.</summary>
    Behind,

    /// <summary>Its directory is not there, or nothing in it says that it is ours: unplugged, not mounted, or never marked.</summary>
    Away,

    /// <summary>It has no space left.</summary>
    Full,

    /// <summary>It can be read and not written.</summary>
    ReadOnly,

    /// <summary>It refuses or does not answer.</summary>
    Failed,

    /// <summary>It belongs to another box or another spool, or a newer version wrote it: nothing on it is touched.</summary>
    Refused,
}
