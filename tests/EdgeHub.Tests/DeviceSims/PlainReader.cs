using System.Buffers.Binary;
using System.Globalization;

namespace EdgeHub.Tests.DeviceSims;

/// <summary>
/// A reader written for the tests alone, from the datasheets: it shares code neither with the doubles nor
/// with the drivers. Values come out as <c>sensor/quantity=value</c>.
/// </summary>
internal static class PlainReader
{
    private const int PmsFrame = 32;
    private static readonly string[] PmsNames =
        ["pm1_0_cf1", "pm2_5_cf1", "pm10_cf1", "pm1_0", "pm2_5", "pm10", "n0_3", "n0_5", "n1_0", "n2_5", "n5_0", "n10"];

    /// <summary>All values of all good frames in a stretch of a PMS5003's stream.</summary>
    public static List<string> PmsValues(string sensor, ReadOnlySpan<byte> stream)
    {
        var values = new List<string>();
        for (var at = 0; at + PmsFrame <= stream.Length;)
        {
            var frame = stream.Slice(at, PmsFrame);
            if (!IsPms(frame))
            {
                at++;
                continue;
            }

            for (var i = 0; i < PmsNames.Length; i++)
            {
                values.Add(Text(sensor, PmsNames[i], BinaryPrimitives.ReadUInt16BigEndian(frame[(4 + (2 * i))..])));
            }

            at += PmsFrame;
        }

        return values;
    }

    /// <summary>Whether a Modbus frame's CRC is right, by long division instead of the usual shift register.</summary>
    public static bool HasRightCrc(byte[] frame)
    {
        // The CRC of a frame that ends in its own CRC is zero. Bits are taken low first; the initial FFFF is added to the first sixteen.
        var bits = frame.SelectMany(part => Enumerable.Range(0, 8).Select(bit => ((part >> bit) & 1) == 1)).ToArray();
        for (var i = 0; i < 16; i++)
        {
            bits[i] = !bits[i];
        }

        int[] polynomial = [0, 1, 14, 16]; // x^16 + x^15 + x^2 + 1, high power first.
        for (var i = 0; i + 16 < bits.Length; i++)
        {
            if (bits[i])
            {
                foreach (var power in polynomial)
                {
                    bits[i + power] = !bits[i + power];
                }
            }
        }

        return !bits.AsSpan(bits.Length - 16).Contains(true);
    }

    public static string Text(string sensor, string quantity, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{sensor}/{quantity}={value}");

    private static bool IsPms(ReadOnlySpan<byte> frame)
    {
        var sum = 0;
        foreach (var part in frame[..30])
        {
            sum += part;
        }

        return frame[0] == 0x42 && frame[1] == 0x4D && frame[2] == 0 && frame[3] == 28 && sum == BinaryPrimitives.ReadUInt16BigEndian(frame[30..]);
    }
}
