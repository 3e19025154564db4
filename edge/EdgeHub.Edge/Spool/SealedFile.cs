using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>What is remembered of one sealed LiteDB file while it is closed.</summary>
/// <param name="Numbers">The records in it, by spool.</param>
sealed record SealedFile(string Name, long Bytes, long SealedUnixMs, IReadOnlyDictionary<SpoolId, RangeSet> Numbers, IReadOnlyDictionary<SpoolId, SpoolClass> Classes);
