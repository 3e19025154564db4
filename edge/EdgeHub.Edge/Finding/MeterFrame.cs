using EdgeHub.Edge.Sensors.Dlt645;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Edge.Finding;

/// <summary>A frame of a meter in bytes that were overheard, in words: DL/T 645-2007 (5.2) or CJ/T 188. Pure and total.</summary>
/// <param name="Who">The meter: its address as it is printed on it.</param>
/// <param name="What">What was asked or said.</param>
/// <param name="Bytes">Of the frame, with the FE before it.</param>
public sealed record MeterFrame(TrafficKind Kind, string Who, string What, ReadOnlyMemory<byte> Bytes)
{
    const byte Start = 0x68;
    const byte End = 0x16;
    const byte Preamble = 0xFE;
    const byte Wildcard = 0xAA;
    const int PreambleMax = 4;
    const byte AnswerBit = 0x80;
    const byte RefusalBit = 0x40;

    /// <summary>Divides bytes into frames of meters and what lies between them, in order; of that the frame is null.</summary>
    public static IReadOnlyList<(ReadOnlyMemory<byte> Bytes, MeterFrame? Frame)> Divide(ReadOnlyMemory<byte> bytes)
    {
        var parts = new List<(ReadOnlyMemory<byte>, MeterFrame?)>();
        var done = 0;
        for (var at = 0; at < bytes.Length; at++)
            if (LengthAt(bytes.Span[at..]) is var length and > 0)
            {
                var from = at;
                while (from > done && at - from < PreambleMax && bytes.Span[from - 1] == Preamble)
                    from--;
                if (from > done)
                    parts.Add((bytes[done..from], null));
                done = at + length;
                parts.Add((bytes[from..done], Read(bytes[from..done], bytes.Span[at..done])));
                at = done - 1;
            }

        if (done < bytes.Length)
            parts.Add((bytes[done..], null));
        return parts;
    }

    // 68, A0..A5, 68, C, L, data, CS, 16 or 68, T, A0..A6, C, L, data, CS, 16.
    static int LengthAt(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 12 || rest[0] != Start)
            return 0;
        var length = rest[7] == Start ? 12 + rest[9] : 13 + rest[10];
        return rest.Length >= length && rest[length - 1] == End && (byte)Sums.Sum(rest[..(length - 2)]) == rest[length - 2] ? length : 0;
    }

    static MeterFrame Read(ReadOnlyMemory<byte> bytes, ReadOnlySpan<byte> frame)
    {
        var isPower = frame[7] == Start;
        var address = isPower ? frame[1..7].ToArray() : frame[2..9].ToArray();
        Array.Reverse(address);
        var who = Array.TrueForAll(address, b => b == Wildcard) ? "any meter" : $"meter {Convert.ToHexString(address)}";
        var (control, data) = isPower ? (frame[8], frame[10..^2].ToArray()) : (frame[9], frame[11..^2].ToArray());
        if (isPower)
            foreach (ref var b in data.AsSpan())
                b -= 0x33;
        var kind = (control & AnswerBit) == 0 ? TrafficKind.Question : (control & RefusalBit) == 0 ? TrafficKind.Answer : TrafficKind.Refusal;
        return new MeterFrame(kind, who, kind switch
        {
            TrafficKind.Question => Asked(isPower, control, data),
            TrafficKind.Refusal when isPower && data.Length > 0 => Dlt645Frames.Explain(data[0]),
            _ => Convert.ToHexString(data),
        }, bytes);
    }

    static string Asked(bool isPower, byte control, byte[] data) => (isPower, control) switch
    {
        (true, 0x11) when data.Length >= 4 => $"data {data[3]:X2}{data[2]:X2}{data[1]:X2}{data[0]:X2}",
        (true, 0x12) when data.Length >= 4 => $"what follows of data {data[3]:X2}{data[2]:X2}{data[1]:X2}{data[0]:X2}",
        (true, 0x13) or (false, 0x03) => "its address",
        (false, 0x01) => "its present values",
        _ => $"WRITES or commands (control {control:X2}): {Convert.ToHexString(data)}",
    };
}
