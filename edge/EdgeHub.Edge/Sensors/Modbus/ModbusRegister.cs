using System.Buffers.Binary;
using System.Globalization;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>One value of a profile: where it lies, what it means. Pure and total: any bytes give a value and a quality.</summary>
/// <param name="Address">Protocol address of the first register or bit, from 0.</param>
/// <param name="Scale">Value = raw × scale + offset, computed in decimal, so that 253 × 0.1 is 25.3 and nothing beside it.</param>
/// <param name="NoData">The raw bits that mean "no value"; null where the maker names none.</param>
/// <param name="Minimum">Smallest valid value; below it the reading is kept and marked out of range.</param>
public sealed record ModbusRegister(string Quantity, string Unit, int Address, RegisterType Type, WordOrder Order, decimal Scale, decimal Offset, uint? NoData, double Minimum, double Maximum)
{
    // Beyond this a decimal product could overflow; no instrument reports in these numbers.
    const double DecimalMax = 1e15;

    /// <summary>Registers (or bits) it takes.</summary>
    public int Count => Type is RegisterType.U32 or RegisterType.I32 or RegisterType.F32 ? 2 : 1;

    /// <param name="payload">The data bytes of a reply whose first register is <paramref name="firstAddress"/>.</param>
    public (double Value, Quality Quality) Read(ReadOnlySpan<byte> payload, int firstAddress)
    {
        var place = Address - firstAddress;
        var raw = Type == RegisterType.Bit ? (uint)((payload[place / 8] >> (place % 8)) & 1)
            : Count == 1 ? BinaryPrimitives.ReadUInt16BigEndian(payload[(place * 2)..])
            : Reorder(BinaryPrimitives.ReadUInt32BigEndian(payload[(place * 2)..]));
        if (raw == NoData)
            return (double.NaN, Quality.BadNoData);
        var value = Type switch
        {
            RegisterType.F32 => Float(BitConverter.UInt32BitsToSingle(raw)),
            RegisterType.I16 => Scaled((short)raw),
            RegisterType.I32 => Scaled((int)raw),
            _ => Scaled(raw),
        };
        if (!double.IsFinite(value))
            return (double.NaN, Quality.BadNoData);
        return (value, value < Minimum || value > Maximum ? Quality.BadOutOfRange : Quality.Good);
    }

    double Scaled(decimal raw) => (double)((raw * Scale) + Offset);

    // The shortest decimal that names the float: 230.1f is 230.1 and not 230.10000610351562.
    double Float(float raw)
    {
        if (!float.IsFinite(raw))
            return double.NaN;
        var shortest = double.Parse(raw.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (Scale == 1 && Offset == 0)
            return shortest;
        return Math.Abs(shortest) < DecimalMax ? Scaled((decimal)shortest) : (shortest * (double)Scale) + (double)Offset;
    }

    uint Reorder(uint wire) => Order switch
    {
        WordOrder.Cdab => (wire << 16) | (wire >> 16),
        WordOrder.Badc => ((wire & 0x00FF00FF) << 8) | ((wire >> 8) & 0x00FF00FF),
        WordOrder.Dcba => BinaryPrimitives.ReverseEndianness(wire),
        _ => wire,
    };
}
