using System.Buffers.Binary;

namespace EdgeHub.Edge.Sensors.Bosch;

/// <summary>
/// The trimming values of one chip and the compensation formulas in whole numbers. Source: Bosch, BME280 data sheet BST-BME280-DS002,
/// 4.2.2 (registers; dig_H4 and dig_H5 share E5) and 4.2.3 (formulas, here with the 64-bit one for pressure). Pure.
/// </summary>
public sealed record Bme280Calibration(
    ushort T1, short T2, short T3,
    ushort P1, short P2, short P3, short P4, short P5, short P6, short P7, short P8, short P9,
    byte H1, short H2, byte H3, short H4, short H5, sbyte H6)
{
    /// <summary>Bytes of the registers 88-A1 and E1-E7.</summary>
    public const int FirstBytes = 26;
    public const int SecondBytes = 7;

    public static Bme280Calibration Read(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(first), Signed(first, 2), Signed(first, 4),
        BinaryPrimitives.ReadUInt16LittleEndian(first[6..]), Signed(first, 8), Signed(first, 10), Signed(first, 12), Signed(first, 14), Signed(first, 16), Signed(first, 18), Signed(first, 20), Signed(first, 22),
        first[25], Signed(second, 0), second[2], (short)(((sbyte)second[3] * 16) | (second[4] & 0x0F)), (short)(((sbyte)second[5] * 16) | (second[4] >> 4)), (sbyte)second[6]);

    /// <summary>"Fine" temperature, which the other formulas take.</summary>
    public int Fine(int raw)
    {
        var one = (((raw >> 3) - (T1 << 1)) * T2) >> 11;
        var difference = (raw >> 4) - T1;
        return one + ((((difference * difference) >> 12) * T3) >> 14);
    }

    /// <summary>In hundredths of a degree Celsius.</summary>
    public static int Temperature(int fine) => ((fine * 5) + 128) >> 8;

    /// <summary>In 256ths of a pascal; 0 where the trimming values would divide by zero.</summary>
    public long Pressure(int raw, int fine)
    {
        var one = fine - 128000L;
        var two = (one * one * P6) + ((one * P5) << 17) + ((long)P4 << 35);
        one = ((one * one * P3) >> 8) + ((one * P2) << 12);
        one = (((1L << 47) + one) * P1) >> 33;
        if (one == 0)
            return 0;
        var pressure = 1048576L - raw;
        pressure = ((pressure << 31) - two) * 3125 / one;
        one = (P9 * (pressure >> 13) * (pressure >> 13)) >> 25;
        two = (P8 * pressure) >> 19;
        return ((pressure + one + two) >> 8) + ((long)P7 << 4);
    }

    /// <summary>In 1024ths of a percent.</summary>
    public long Humidity(int raw, int fine)
    {
        var value = fine - 76800;
        value = (((raw << 14) - (H4 << 20) - (H5 * value) + 16384) >> 15)
            * (((((((value * H6) >> 10) * (((value * H3) >> 11) + 32768)) >> 10) + 2097152) * H2) + 8192 >> 14);
        value -= (((value >> 15) * (value >> 15)) >> 7) * H1 >> 4;
        return Math.Clamp(value, 0, 419430400) >> 12;
    }

    static short Signed(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt16LittleEndian(bytes[at..]);
}
