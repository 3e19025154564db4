using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>What is recorded, in one commit, before a segment's records go.</summary>
/// <param name="Graves">What goes.</param>
/// <param name="Aggregates">What stands for it besides the tombstones; nothing when it is dropped.</param>
/// <param name="Survivors">What must not go with it: copied byte for byte to where is written now.</param>
sealed record Farewell(IReadOnlyList<Grave> Graves, IReadOnlyList<Draft> Aggregates, IReadOnlyList<Survivor> Survivors)
{
    public ulong Readings => Graves.Aggregate(0UL, (sum, grave) => sum + grave.Readings);
}
