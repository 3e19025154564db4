using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>These records are durable now.</summary>
/// <param name="Bytes">Of the records together.</param>
public readonly record struct RecordedNotice(SpoolId Spool, SpoolClass Class, NumberRange Numbers, long Bytes);
