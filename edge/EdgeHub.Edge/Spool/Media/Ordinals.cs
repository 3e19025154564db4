namespace EdgeHub.Edge.Spool.Media;

/// <summary>The order in which segments come into use, one for all media: a later segment has the higher ordinal wherever it lies.</summary>
sealed class Ordinals
{
    readonly Lock gate = new();
    ulong given;
    ulong inUse;

    /// <summary>For a segment that is being prepared.</summary>
    public ulong Next()
    {
        lock (gate)
            return ++given;
    }

    /// <summary>A segment comes into use, or was found in use. False when a later one did before: then it needs a new ordinal.</summary>
    public bool TryUse(ulong ordinal)
    {
        lock (gate)
        {
            if (ordinal <= inUse)
                return false;
            inUse = ordinal;
            given = Math.Max(given, ordinal);
            return true;
        }
    }
}
