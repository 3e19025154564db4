namespace EdgeHub.Tests.Sensors.I2c;

/// <summary>A part that takes commands and answers the last one: SHT3x, SHT4x, SCD4x, BH1750.</summary>
sealed class CommandDouble(Func<string, byte[]?> answer) : I2cDouble
{
    string command = "";

    public List<string> Commands { get; } = [];

    /// <summary>A word and its checksum, bit by bit from the data sheet's figure.</summary>
    public static byte[] Word(int value)
    {
        var crc = 0xFF;
        for (var bit = 15; bit >= 0; bit--)
        {
            if (bit == 7 || bit == 15)
                crc ^= (value >> (bit - 7)) & 0xFF;
            crc = ((crc << 1) ^ ((crc & 0x80) == 0 ? 0 : 0x131)) & 0xFF;
        }

        return [(byte)(value >> 8), (byte)value, (byte)crc];
    }

    protected override void Take(ReadOnlySpan<byte> written)
    {
        command = Convert.ToHexString(written);
        Commands.Add(command);
    }

    protected override void Answer(Span<byte> destination)
    {
        if (answer(command) is not { } bytes)
            throw new IOException("Error 6 performing I2C data transfer."); // Nothing measured yet: not acknowledged.
        bytes.CopyTo(destination);
    }
}
