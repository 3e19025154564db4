namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>What a make of slave holds in its registers.</summary>
/// <param name="Name">As the configuration names it.</param>
/// <param name="Source">The maker's document that it was written from.</param>
/// <param name="Unverified">What has not been held against an instrument or its manual; empty when nothing is left open.</param>
/// <param name="GapMax">Unused registers that a merged request may read along; 0 joins only neighbours.</param>
/// <param name="CountMax">Registers (or bits) in one request; slaves exist that take fewer than the protocol's 125.</param>
/// <param name="Identity">Where the instrument says which one it is; null when it does not.</param>
public sealed record ModbusProfile(string Name, string Model, string Source, string Unverified, int GapMax, int CountMax, ModbusIdentity? Identity, IReadOnlyList<ModbusRegister> Registers)
{
    /// <summary>Values in one profile.</summary>
    public const int RegistersMax = 256;

    public IReadOnlyList<SensorQuantity> Streams { get; } = [.. Registers.Select(register => new SensorQuantity(register.Quantity, register.Unit))];
}
