namespace EdgeHub.Simulation;

/// <summary>How one seed ended.</summary>
/// <param name="Failure">Null when the promise held.</param>
/// <param name="Hash">Of its story: the same seed gives the same one.</param>
/// <param name="Length">Virtual time.</param>
/// <param name="Recorded">Readings announced as recorded: a seed without any proves nothing.</param>
/// <param name="Lag">Longest from recording to storing, where it was measured.</param>
sealed record SeedResult(ulong Seed, string? Failure, ulong Hash, TimeSpan Length, int Recorded, int Stored, TimeSpan Lag);
