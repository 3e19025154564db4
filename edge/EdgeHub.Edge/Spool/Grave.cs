using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>Records that are gone and whose tombstone is still to be recorded.</summary>
/// <param name="ReadingsBefore">Readings of the spool before them; null when no neighbour is left that knows.</param>
/// <param name="ReadingsAfter">Readings of the spool up to the last of them; null likewise.</param>
sealed record Grave(SpoolState Spool, NumberRange Numbers, TombstoneReason Reason, ulong? ReadingsBefore, ulong? ReadingsAfter)
{
    /// <summary>Chain values before the first and after the last; null where damage took them.</summary>
    public (RecordHash Before, RecordHash After)? Chains { get; init; }

    /// <summary>Readings they held by stream, as far as is known.</summary>
    public IReadOnlyList<StreamCount> Counts { get; init; } = [];

    /// <summary>How many readings they held, as far as is known.</summary>
    public ulong Readings => ReadingsAfter - ReadingsBefore ?? 0;

    public Edges Edges
    {
        get
        {
            var edges = new Edges();
            edges.Add(Numbers.First - 1, ReadingsBefore);
            edges.Add(Numbers.Last, ReadingsAfter);
            return edges;
        }
    }
}
