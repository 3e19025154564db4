namespace EdgeHub.Simulation;

/// <summary>How one seed ended.</summary>
/// <param name="Failure">Null when the promise held.</param>
/// <param name="Hash">Of its story: the same seed gives the same one.</param>
/// <param name="Length">Virtual time.</param>
/// <param name="Recorded">Readings announced as recorded: a seed without any proves nothing.</param>
/// <param name="Volatile">Readings that were in memory only, for want of a medium.</param>
/// <param name="Faults">That struck.</param>
/// <param name="Lag">Longest from recording to storing since the end of an outage.</param>
/// <param name="Drained">From the end of the outage until its last reading was stored.</param>
/// <param name="LiveAmongBacklog">Live readings stored in that time.</param>
/// <param name="IsPromiseBroken">The failure is the oracle's own finding: no loop that died, no exception.</param>
sealed record SeedResult(ulong Seed, string? Failure, ulong Hash, TimeSpan Length, int Recorded, int Stored, int Volatile, int Faults, TimeSpan Lag, TimeSpan Drained, int LiveAmongBacklog, bool IsPromiseBroken);
