using System.Buffers.Binary;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The bits of a value out of the data bytes of an answer, in the order of its profile. Pure and total.</summary>
static class RawBits
{
    const int RegisterBytes = 2;
    const int DigitBits = 4;

    /// <summary>The raw bits, or null when the data do not reach so far.</summary>
    /// <param name="place">Registers (or bits) before the value.</param>
    public static ulong? Read(ReadOnlySpan<byte> payload, int place, RegisterType type, WordOrder order)
    {
        if (type == RegisterType.Bit)
            return place >= 0 && place / 8 < payload.Length ? (ulong)((payload[place / 8] >> (place % 8)) & 1) : null;
        var first = place * RegisterBytes;
        var bytes = type.Count() * RegisterBytes;
        if (first < 0 || first + bytes > payload.Length)
            return null;
        var wire = payload.Slice(first, bytes);
        return type switch
        {
            RegisterType.U8H or RegisterType.I8H => wire[0],
            RegisterType.U8L or RegisterType.I8L => wire[1],
            _ => Ordered(wire, order),
        };
    }

    /// <summary>The number whose decimal digits are the nibbles; null when a nibble is no digit.</summary>
    public static ulong? Digits(ulong bits)
    {
        ulong value = 0;
        for (var shift = 64 - DigitBits; shift >= 0; shift -= DigitBits)
        {
            var digit = (bits >> shift) & 0xF;
            if (digit > 9)
                return null;
            value = (value * 10) + digit;
        }

        return value;
    }

    static ulong Ordered(ReadOnlySpan<byte> wire, WordOrder order)
    {
        var lowWordFirst = order is WordOrder.Cdab or WordOrder.Dcba;
        var lowByteFirst = order is WordOrder.Badc or WordOrder.Dcba;
        ulong bits = 0;
        for (var i = 0; i < wire.Length; i += RegisterBytes)
        {
            var word = wire[(lowWordFirst ? wire.Length - RegisterBytes - i : i)..];
            bits = (bits << 16) | (lowByteFirst ? BinaryPrimitives.ReadUInt16LittleEndian(word) : BinaryPrimitives.ReadUInt16BigEndian(word));
        }

        return bits;
    }
}
