using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>One spool as it was at one moment; nothing in it changes any more.</summary>
/// <param name="Head">Its last recorded number; 0 never.</param>
/// <param name="Chain">Chain value after the head.</param>
/// <param name="Acked">What the city holds, set aside included.</param>
/// <param name="SetAside">What of that the city keeps raw.</param>
/// <param name="Tombstoned">What a tombstone stands for.</param>
/// <param name="Waiting">The rest: what is still to be delivered, ascending.</param>
/// <param name="IsCurrent">Whether this process still writes to it.</param>
public sealed record SpoolView(
    SpoolId Id,
    SpoolClass Class,
    ulong Head,
    RecordHash Chain,
    RangeSet Acked,
    RangeSet SetAside,
    RangeSet Tombstoned,
    IReadOnlyList<NumberRange> Waiting,
    bool IsCurrent);
