namespace EdgeHub.DeviceSims.Doubles;

/// <summary>The CRC-16 of Modbus over serial line V1.02, §6.2.2: initial value FFFF, polynomial A001, low byte first on the wire.</summary>
public static class ModbusCrc
{
    /// <summary>How many bytes it takes at the end of a frame.</summary>
    public const int Bytes = 2;

    /// <summary>Returns <paramref name="frame"/> with its CRC behind it.</summary>
    public static byte[] Append(ReadOnlySpan<byte> frame)
    {
        var crc = Of(frame);
        return [.. frame, (byte)crc, (byte)(crc >> 8)];
    }

    /// <summary>Whether the last two bytes are the CRC of those before them.</summary>
    public static bool IsRight(ReadOnlySpan<byte> frame) =>
        frame.Length > Bytes && Of(frame[..^Bytes]) == (ushort)(frame[^2] | (frame[^1] << 8));

    private static ushort Of(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xFFFF;
        foreach (var next in bytes)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (ushort)((crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xA001);
            }
        }

        return crc;
    }
}
