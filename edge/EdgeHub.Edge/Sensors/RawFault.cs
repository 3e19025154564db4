namespace EdgeHub.Edge.Sensors;

/// <summary>What went over a port around a fault: the bytes before it, frozen, and those that followed.</summary>
/// <param name="BootTimeMs">When the fault was seen.</param>
/// <param name="Reason">What it was.</param>
/// <param name="Chunks">Oldest first.</param>
public sealed record RawFault(long BootTimeMs, string Reason, IReadOnlyList<RawChunk> Chunks);
