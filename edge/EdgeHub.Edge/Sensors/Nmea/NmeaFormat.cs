using System.Buffers.Text;
using EdgeHub.Edge.Sensors.Frames;

namespace EdgeHub.Edge.Sensors.Nmea;

/// <summary>
/// The sentences of a satellite receiver: <c>$ttSSS,…*hh</c>, where hh is the exclusive or of what stands between <c>$</c> and <c>*</c>.
/// GGA gives the position, RMC speed, course and the time; other sentences pass by. A sentence without a checksum is none.
/// Source: NMEA 0183 V4.10; talkers GP, GN, GL, GA, GQ, and for BeiDou both BD (before 4.10) and GB.
/// </summary>
public sealed class NmeaFormat : FrameFormat
{
    /// <summary>The standard's limit is 82; receivers exceed it.</summary>
    const int SentenceMax = 128;
    const int TailBytes = 3; // * and two digits.

    public override int BytesMax => SentenceMax;

    public override int Length(ReadOnlySpan<byte> start)
    {
        if (start[0] != '$')
            return NoFrame;
        var end = start.IndexOf((byte)'\n');
        var body = end < 0 ? start : start[..end];
        foreach (var b in body[1..])
            if (b is (byte)'$' or >= 0x7F || (b < 0x20 && b != '\r'))
                return NoFrame;
        return end < 0 ? 0 : end + 1;
    }

    public override bool IsChecked(ReadOnlySpan<byte> frame)
    {
        var text = Trim(frame);
        if (text.Length < 1 + TailBytes || text[^TailBytes] != '*')
            return false;
        return Utf8Parser.TryParse(text[^2..], out byte sum, out var used, 'X') && used == 2 && sum == Sums.Xor(text[1..^TailBytes]);
    }

    public override SensorFrame Parse(ReadOnlySpan<byte> frame)
    {
        var fields = new NmeaFields(Trim(frame)[1..^TailBytes]);
        var address = fields[0];
        if (address.Length != 5 || !IsSatelliteTalker(address[..2]))
            return SensorFrame.Nothing;
        return address[2..] switch
        {
            [(byte)'G', (byte)'G', (byte)'A'] => NmeaSentences.Gga(fields),
            [(byte)'R', (byte)'M', (byte)'C'] => NmeaSentences.Rmc(fields),
            _ => SensorFrame.Nothing,
        };
    }

    static bool IsSatelliteTalker(ReadOnlySpan<byte> talker) => talker switch
    {
        [(byte)'G', (byte)'P' or (byte)'N' or (byte)'L' or (byte)'A' or (byte)'Q' or (byte)'B'] => true,
        [(byte)'B', (byte)'D'] => true,
        _ => false,
    };

    static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> frame) => frame.TrimEnd("\r\n"u8);
}
