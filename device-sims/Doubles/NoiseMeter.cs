using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>A noise transmitter with one holding register: 0x0000, tenths of a decibel.</summary>
public sealed class NoiseMeter(string sensorId, byte address, ulong seed)
    : ModbusSlave(sensorId, "noise-meter", address, seed, Map)
{
    private static readonly IReadOnlyList<RegisterQuantity> Map =
    [
        new(new("noise", "dB"), 0x0000, RegisterKind.Unsigned16, 10, ValueRange.Unsigned16(300, 1200)),
    ];

    /// <inheritdoc />
    protected override byte RegisterFunction => 3;

    /// <inheritdoc />
    protected override ushort FirstRegister => 0x0000;

    /// <inheritdoc />
    protected override ushort LastRegister => 0x0000;
}
