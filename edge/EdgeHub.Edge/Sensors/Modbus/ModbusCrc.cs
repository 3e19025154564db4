namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>CRC-16 of Modbus RTU. Source: Modbus over Serial Line V1.02, 6.2.2 and appendix B: initial FFFF, polynomial A001, low byte first on the wire.</summary>
public static class ModbusCrc
{
    const ushort Initial = 0xFFFF;
    const ushort Polynomial = 0xA001;

    public static ushort Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = Initial;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1);
        }

        return crc;
    }
}
