using EdgeHub.Wire;

namespace EdgeHub.Simulation.World;

/// <summary>One row as the city sees it.</summary>
/// <param name="Stream">Sensor and quantity.</param>
readonly record struct CityRow(long Key, SpoolId Spool, ulong Sequence, double Value, long TimeMs, string Stream);
