using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>Records that are gone and whose tombstone is still to be recorded.</summary>
sealed record Grave(SpoolState Spool, NumberRange Numbers, TombstoneReason Reason);
