namespace EdgeHub.Simulation.Disk;

/// <summary>The power is gone: no operation on the medium happens any more.</summary>
#pragma warning disable CA1032 // It says all it has to say.
public sealed class PowerCutException : Exception;
#pragma warning restore CA1032
