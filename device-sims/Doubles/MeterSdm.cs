using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// An electricity meter of the Eastron SDM family (SDM120 Modbus protocol implementation): input registers,
/// each quantity a float of two registers. Steps are powers of two, so that a float holds each value exactly.
/// </summary>
public sealed class MeterSdm(string sensorId, byte address, ulong seed)
    : ModbusSlave(sensorId, "meter-sdm", address, seed, MapFor(sensorId, seed))
{
    private const int EnergyStartMax = 40_000;
    private const int Eighths = 8;

    /// <summary>The largest raw integer: 24 bits would still be exact.</summary>
    private const int RawMax = 1_000_000;

    /// <inheritdoc />
    protected override byte RegisterFunction => 4;

    /// <inheritdoc />
    protected override ushort FirstRegister => 0x0000;

    /// <inheritdoc />
    protected override ushort LastRegister => 0x0157;

    private static IReadOnlyList<RegisterQuantity> MapFor(string sensorId, ulong seed)
    {
        var energy = ValueRange.Counter(Eighths * (1 + SplitMix64.For(seed, sensorId, "energy-start").Below(EnergyStartMax)), RawMax);
        return
        [
            new(new("voltage", "V"), 0x0000, RegisterKind.Ieee754, Eighths, new ValueRange(0, 210 * Eighths, 245 * Eighths, RawMax)),
            new(new("current", "A"), 0x0006, RegisterKind.Ieee754, 64, new ValueRange(0, 64, 40 * 64, RawMax)),
            new(new("power", "W"), 0x000C, RegisterKind.Ieee754, 2, new ValueRange(0, 200 * 2, 9000 * 2, RawMax)),
            new(new("frequency", "Hz"), 0x0046, RegisterKind.Ieee754, 512, new ValueRange(0, 49 * 512, 51 * 512, RawMax)),
            new(new("energy", "kW.h"), 0x0156, RegisterKind.Ieee754, Eighths, energy),
        ];
    }
}
