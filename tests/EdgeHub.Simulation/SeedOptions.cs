using EdgeHub.Simulation.World;

namespace EdgeHub.Simulation;

/// <summary>What a run of a seed needs beside the seed.</summary>
/// <param name="ScratchDirectory">For the one small file that is not on the simulated disk. One run at a time.</param>
/// <param name="DatabaseName">Of the database in memory. One run at a time.</param>
/// <param name="LiteDb">Every seed makes LiteDB files; else one in twelve.</param>
/// <param name="Only">Names of the faults that may be drawn; null for all of them.</param>
sealed record SeedOptions(string ScratchDirectory, string DatabaseName, bool LiteDb = false, Sabotage Sabotage = Sabotage.None, IReadOnlyList<string>? Only = null);
