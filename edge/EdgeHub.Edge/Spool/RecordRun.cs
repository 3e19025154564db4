using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>Consecutive records of one spool, exactly as recorded.</summary>
/// <param name="First">Number of the first of them.</param>
/// <param name="ChainBefore">Chain value before the first of them.</param>
/// <param name="Records">At least one.</param>
/// <param name="Readings">How many readings they hold together.</param>
public sealed record RecordRun(SpoolId Spool, SpoolClass Class, ulong First, RecordHash ChainBefore, IReadOnlyList<ReadOnlyMemory<byte>> Records, ulong Readings)
{
    public ulong Last => First + (ulong)Records.Count - 1;

    public NumberRange Numbers => new(First, Last);
}
