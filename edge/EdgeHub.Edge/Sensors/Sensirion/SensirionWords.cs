namespace EdgeHub.Edge.Sensors.Sensirion;

/// <summary>Words as Sensirion's parts send them: two bytes, high first, and their CRC-8 (polynomial 31, initial FF). Source: SHT3x-DIS data sheet, 4.12; 0xBEEF gives 0x92.</summary>
public static class SensirionWords
{
    const int Polynomial = 0x31;

    public static byte Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFF;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
        }

        return (byte)crc;
    }

    /// <summary>The words, or null where one checksum is wrong.</summary>
    public static IReadOnlyList<ushort>? Read(ReadOnlySpan<byte> bytes)
    {
        var words = new ushort[bytes.Length / 3];
        for (var i = 0; i < words.Length; i++)
        {
            var word = bytes.Slice(i * 3, 3);
            if (Crc(word[..2]) != word[2])
                return null;
            words[i] = (ushort)((word[0] << 8) | word[1]);
        }

        return words;
    }

    /// <summary>In degrees Celsius; the same formula in SHT3x, SHT4x and SCD4x.</summary>
    public static double Temperature(ushort word) => Math.Round(-45 + (175.0 * word / ushort.MaxValue), 2);
}
