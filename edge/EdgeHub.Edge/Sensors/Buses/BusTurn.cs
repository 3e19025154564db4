namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>What to do next on a line.</summary>
/// <param name="Device">Whom to ask; -1: nobody is due.</param>
/// <param name="At">Until when there is nothing to do; only where nobody is due.</param>
/// <param name="Limit">How long the exchange may take, silence before it included.</param>
/// <param name="BeginsRound">Whether this is the first question of a round.</param>
public readonly record struct BusTurn(int Device, TimeSpan At, TimeSpan Limit, bool BeginsRound);
