using EdgeHub.Wire.Proto;

namespace EdgeHub.Wire;

/// <summary>What a block says of time: which boot, and wall time as it was known when the block was closed.</summary>
/// <param name="Boot">/proc/sys/kernel/random/boot_id as 128 bits.</param>
/// <param name="UnixOffsetMs">Unix time in milliseconds at boot time 0.</param>
public readonly record struct BlockClock(UInt128 Boot, long UnixOffsetMs, ClockQuality Quality);
