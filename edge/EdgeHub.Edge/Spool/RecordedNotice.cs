using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>These records are durable now, or volatile and may be sent.</summary>
/// <param name="Bytes">Of the records together.</param>
public readonly record struct RecordedNotice(SpoolId Spool, SpoolClass Class, NumberRange Numbers, long Bytes)
{
    /// <summary>In memory only, since no medium takes them: nothing is promised of them. Told again without it when a medium has them.</summary>
    public bool IsVolatile { get; init; }
}
