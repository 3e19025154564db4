using EdgeHub.Wire.Proto;

namespace EdgeHub.Wire;

/// <summary>One value of one stream.</summary>
/// <param name="Stream">Position of the stream in the catalog, from 0.</param>
/// <param name="BootTimeMs">CLOCK_BOOTTIME in milliseconds when the value was sampled. Wall time is the block's business.</param>
/// <param name="Value">In the stream's unit. NaN exactly when <paramref name="Quality"/> has no value.</param>
/// <param name="Quality">How far the value can be trusted.</param>
/// <param name="Origin">Who asked for it.</param>
public readonly record struct Reading(int Stream, long BootTimeMs, double Value, Quality Quality, Origin Origin = Origin.Active);
