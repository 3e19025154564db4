namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The reading functions. Source: Modbus Application Protocol V1.1b3, 6.1-6.4.</summary>
#pragma warning disable CA1028, CA1008 // One byte on the wire, and 0 is no function of the protocol.
public enum ModbusFunction : byte
#pragma warning restore CA1028, CA1008
{
    ReadCoils = 1,
    ReadDiscreteInputs = 2,
    ReadHoldingRegisters = 3,
    ReadInputRegisters = 4,
}

public static class ModbusFunctionExtensions
{
    public static bool IsBits(this ModbusFunction function) => function is ModbusFunction.ReadCoils or ModbusFunction.ReadDiscreteInputs;
}
