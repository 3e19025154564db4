using System.Text;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>Registers that hold which instrument this is: a serial number or a name. Many cheap slaves have these and no function 43.</summary>
/// <param name="IsText">ASCII, two characters a register; otherwise the registers are shown as hexadecimal digits.</param>
public sealed record ModbusIdentity(ModbusFunction Function, ushort Start, ushort Count, bool IsText)
{
    /// <summary>Registers of one identity.</summary>
    public const int CountMax = 32;

    public ModbusRequest Request(byte slave) => new(slave, Function, Start, Count);

    /// <summary>What the instrument is called, from the data bytes of the answer. Empty when they hold nothing that can be read.</summary>
    public string Read(ReadOnlySpan<byte> payload) => IsText ? PrintableText(payload) : Convert.ToHexString(payload);

    /// <summary>The printable ASCII of some bytes, without the blanks and zeros that fill them up.</summary>
    internal static string PrintableText(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
            if (b is >= 0x20 and < 0x7F)
                text.Append((char)b);
        return text.ToString().Trim();
    }
}
