using System.Buffers.Binary;
using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>One quantity in a slave's register map.</summary>
/// <param name="Quantity">Name and unit.</param>
/// <param name="Register">Its first register, as the protocol counts, from 0.</param>
/// <param name="Kind">How it lies there.</param>
/// <param name="Divisor">
/// Steps of the raw integer a unit has: 10 for tenths. A float holds the quotient itself, so its divisor is a
/// power of two and the quotient exact.
/// </param>
/// <param name="Range">The raw integers it takes.</param>
public sealed record RegisterQuantity(Quantity Quantity, ushort Register, RegisterKind Kind, int Divisor, ValueRange Range)
{
    /// <summary>How many registers it takes.</summary>
    public int Count => Kind is RegisterKind.Unsigned32 or RegisterKind.Ieee754 ? 2 : 1;

    /// <summary>The raw integer by which many makers say "no data"; null for a float, which would say NaN.</summary>
    public long? NoData => Kind switch
    {
        RegisterKind.Unsigned16 => ushort.MaxValue,
        RegisterKind.Signed16 => short.MinValue,
        RegisterKind.Unsigned32 => uint.MaxValue,
        _ => null,
    };

    /// <summary>The quantity's value, in its unit, of a raw integer.</summary>
    public double Scale(long raw) => raw / (double)Divisor;

    /// <summary>Writes a raw integer as it lies in the registers.</summary>
    public void Encode(long raw, Span<byte> registers)
    {
        switch (Kind)
        {
            case RegisterKind.Ieee754:
                BinaryPrimitives.WriteSingleBigEndian(registers, (float)Scale(raw));
                break;
            case RegisterKind.Unsigned32:
                BinaryPrimitives.WriteUInt32BigEndian(registers, (uint)raw);
                break;
            default:
                BinaryPrimitives.WriteUInt16BigEndian(registers, unchecked((ushort)raw));
                break;
        }
    }
}
