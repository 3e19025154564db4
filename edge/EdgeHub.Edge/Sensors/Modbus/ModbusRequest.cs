namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>One question to one slave.</summary>
/// <param name="Slave">1-247.</param>
/// <param name="Start">First register or bit, from 0.</param>
public readonly record struct ModbusRequest(byte Slave, ModbusFunction Function, ushort Start, ushort Count)
{
    /// <summary>Data bytes of the answer.</summary>
    public int PayloadBytes => Function.IsBits() ? (Count + 7) / 8 : Count * 2;
}
