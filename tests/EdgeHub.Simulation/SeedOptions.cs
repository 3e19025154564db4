using EdgeHub.Simulation.World;

namespace EdgeHub.Simulation;

/// <summary>What a run of a seed needs beside the seed.</summary>
/// <param name="ScratchDirectory">For the one small file that is not on the simulated disk. One run at a time.</param>
/// <param name="DatabaseName">Of the database in memory. One run at a time.</param>
/// <param name="LiteDb">Every seed makes LiteDB files; else one in twelve.</param>
sealed record SeedOptions(string ScratchDirectory, string DatabaseName, bool LiteDb = false, Sabotage Sabotage = Sabotage.None);
