namespace EdgeHub.Wire;

/// <summary>Why a bundle or its receipt is refused.</summary>
public enum BundleFault
{
    /// <summary>There is no bundle here.</summary>
    Missing,

    /// <summary>The export ended before its last step: there is no manifest.</summary>
    Unfinished,

    /// <summary>A newer program wrote it.</summary>
    Newer,

    /// <summary>A file is shorter than the manifest says, or is not there.</summary>
    Truncated,

    /// <summary>A file has other bytes than the manifest says, or stands there without being named.</summary>
    Tampered,

    /// <summary>It is of another gateway or another store.</summary>
    Foreign,

    /// <summary>What it holds is not understood.</summary>
    Malformed,
}
