namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>What a make of slave holds in its registers.</summary>
/// <param name="Name">As the configuration names it.</param>
/// <param name="Source">The maker's document that it was written from.</param>
/// <param name="GapMax">Unused registers that a merged request may read along; 0 joins only neighbours.</param>
/// <param name="CountMax">Registers (or bits) in one request; slaves exist that take fewer than the protocol's 125.</param>
public sealed record ModbusProfile(string Name, string Model, string Source, ModbusFunction Function, int GapMax, int CountMax, IReadOnlyList<ModbusRegister> Registers)
{
    /// <summary>Values in one profile.</summary>
    public const int RegistersMax = 256;

    public IReadOnlyList<SensorQuantity> Streams { get; } = [.. Registers.Select(register => new SensorQuantity(register.Quantity, register.Unit))];
}
