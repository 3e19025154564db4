using EdgeHub.Simulation.World;

namespace EdgeHub.Simulation.Faults;

/// <summary>One thing that goes wrong.</summary>
/// <param name="TurnsClocks">Whether the times of rows may be wrong after it.</param>
sealed record Fault(string Name, Action<SimWorld, Chance> Do, bool TurnsClocks = false);
