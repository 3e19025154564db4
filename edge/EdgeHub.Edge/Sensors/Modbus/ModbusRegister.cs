using System.Globalization;
using System.Numerics;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>One value of a profile: where it lies, what it means. Pure and total: any bytes give a value and a quality.</summary>
public sealed record ModbusRegister
{
    // Beyond this a decimal product could overflow; no instrument reports in these numbers.
    const double DecimalMax = 1e15;

    public required string Quantity { get; init; }

    /// <summary>UCUM.</summary>
    public required string Unit { get; init; }

    public ModbusFunction Function { get; init; } = ModbusFunction.ReadHoldingRegisters;

    /// <summary>Protocol address of the first register or bit, from 0.</summary>
    public required int Address { get; init; }

    public RegisterType Type { get; init; } = RegisterType.U16;

    public WordOrder Order { get; init; }

    /// <summary>The bits that are the value, moved down to the lowest one; null takes all. Unsigned types only.</summary>
    public ulong? Mask { get; init; }

    /// <summary>Value = raw × scale + offset, computed in decimal, so that 253 × 0.1 is 25.3 and nothing beside it.</summary>
    public decimal Scale { get; init; } = 1;

    public decimal Offset { get; init; }

    /// <summary>What a code stands for; a code that is not in it is out of range. Null where the raw number is the value.</summary>
    public IReadOnlyDictionary<ulong, double>? Codes { get; init; }

    /// <summary>The raw bits, before the mask, that mean "no value". A float that is no number always means it.</summary>
    public IReadOnlyList<ulong> NoData { get; init; } = [];

    /// <summary>Smallest valid value; beyond the range the reading is kept and marked out of range.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>Registers (or bits) it takes.</summary>
    public int Count => Type.Count();

    /// <param name="payload">The data bytes of a reply whose first register is <paramref name="firstAddress"/>.</param>
    public (double Value, Quality Quality) Read(ReadOnlySpan<byte> payload, int firstAddress)
    {
        if (RawBits.Read(payload, Address - firstAddress, Type, Order) is not { } raw || NoData.Contains(raw))
            return (double.NaN, Quality.BadNoData);
        if (Mask is { } mask)
            raw = (raw & mask) >> BitOperations.TrailingZeroCount(mask);
        if (Codes is not null)
            return Codes.TryGetValue(raw, out var meant) ? (meant, Quality.Good) : (raw, Quality.BadOutOfRange);
        var value = Value(raw);
        if (!double.IsFinite(value))
            return (double.NaN, Quality.BadNoData);
        return (value, value < Minimum || value > Maximum ? Quality.BadOutOfRange : Quality.Good);
    }

    double Value(ulong raw) => Type switch
    {
        RegisterType.F16 => Float((double)BitConverter.UInt16BitsToHalf((ushort)raw), BitConverter.UInt16BitsToHalf((ushort)raw).ToString("R", CultureInfo.InvariantCulture)),
        RegisterType.F32 => Float(BitConverter.UInt32BitsToSingle((uint)raw), BitConverter.UInt32BitsToSingle((uint)raw).ToString("R", CultureInfo.InvariantCulture)),
        RegisterType.F64 => Float(BitConverter.UInt64BitsToDouble(raw), BitConverter.UInt64BitsToDouble(raw).ToString("R", CultureInfo.InvariantCulture)),
        RegisterType.I8H or RegisterType.I8L => Scaled((sbyte)raw),
        RegisterType.I16 => Scaled((short)raw),
        RegisterType.I32 => Scaled((int)raw),
        RegisterType.I64 => Scaled((long)raw),
        RegisterType.Bcd16 or RegisterType.Bcd32 or RegisterType.Bcd64 => RawBits.Digits(raw) is { } number ? Scaled(number) : double.NaN,
        _ => Scaled(raw),
    };

    // 64 bits times the largest scale fit a decimal.
    double Scaled(decimal raw) => (double)((raw * Scale) + Offset);

    // The shortest decimal that names the float: 230.1f is 230.1 and not 230.10000610351562.
    double Float(double raw, string shortest)
    {
        if (!double.IsFinite(raw))
            return double.NaN;
        var named = double.Parse(shortest, CultureInfo.InvariantCulture);
        if (Scale == 1 && Offset == 0)
            return named;
        return Math.Abs(named) < DecimalMax ? Scaled((decimal)named) : (named * (double)Scale) + (double)Offset;
    }
}
