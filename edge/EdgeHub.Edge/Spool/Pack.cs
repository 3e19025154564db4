using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>Consecutive records of one spool as they lie together in LiteDB.</summary>
/// <param name="Checksum">CRC-32C of the packed bytes: LiteDB 5 has none on its pages.</param>
readonly record struct Pack(SpoolId Spool, SpoolClass Class, ulong First, int Count, uint Checksum)
{
    public ulong Last => First + (ulong)Count - 1;

    public NumberRange Numbers => new(First, Last);
}
