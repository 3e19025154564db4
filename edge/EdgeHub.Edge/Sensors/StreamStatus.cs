using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors;

/// <summary>One stream at one moment.</summary>
/// <param name="Stream">Its position in the catalog.</param>
/// <param name="Last">The last reading that has a value, or null.</param>
/// <param name="Read">Readings taken since the start.</param>
/// <param name="Suppressed">Of those, how many were no news and not reported, as the deadband says.</param>
/// <param name="Unread">Values due and not recorded since the start, by reason; reasons that never occurred are left out.</param>
public sealed record StreamStatus(int Stream, string Quantity, string Unit, Reading? Last, long Read, long Suppressed, IReadOnlyDictionary<UnreadReason, long> Unread);
