using System.Buffers.Binary;
using EdgeHub.Edge.Sensors.Buses;

namespace EdgeHub.Edge.Sensors.Cjt188;

/// <summary>
/// The frames of CJ/T 188 as a reader of meters sees them: <c>FE × n, 68, T, A0..A6, C, L, DI, SER, data, CS, 16</c>. Of the
/// control codes only 01 (read data) and 03 (read the address) can be built: a valve is never moved and nothing is written. Pure and total.
/// </summary>
public static class Cjt188Frames
{
    /// <summary>Bytes of a meter's address.</summary>
    public const int AddressBytes = 7;

    /// <summary>The longest answer, preamble included: a data field has at most 100 bytes.</summary>
    public const int AnswerBytesMax = PreambleBytes + OverheadBytes + DataBytesMax;

    const int DataBytesMax = 0x64;
    const byte Start = 0x68;
    const byte End = 0x16;
    const byte Preamble = 0xFE;
    const int PreambleBytes = 3;
    const int OverheadBytes = 13; // 68, T, A0..A6, C, L, CS, 16
    const int TypeAt = 1;
    const int ControlAt = 9;
    const int LengthAt = 10;
    const int DataAt = 11;
    const int DataHeadBytes = 3; // DI, SER
    const byte ReadData = 0x01;
    const byte ReadAddressOf = 0x03;
    const byte ReadAddressAnswer = 0x83;
    const byte Wildcard = 0xAA;
    const byte ReadAnswer = 0x81;
    const byte ReadRefusal = 0xC1;

    /// <summary>The meter's present values.</summary>
    const ushort PresentValues = 0x901F;

    /// <summary>The meter's own address.</summary>
    const ushort OwnAddress = 0x810A;

    /// <summary>Bytes of an answer with <paramref name="data"/> bytes behind its head, preamble included.</summary>
    public static int AnswerBytes(int data) => PreambleBytes + OverheadBytes + DataHeadBytes + data;

    /// <summary>Asks for the present values.</summary>
    /// <param name="address">Seven bytes, low first.</param>
    /// <param name="lowFirst">Whether the identifier 901F goes out as 1F 90 (the standard of 2018, and makers before it) or as 90 1F (2004).</param>
    /// <param name="serial">A number that the answer repeats.</param>
    public static byte[] Read(byte type, ReadOnlySpan<byte> address, bool lowFirst, byte serial) => Question(type, address, ReadData, PresentValues, lowFirst, serial);

    /// <summary>Asks whatever meter of a kind is there for its address: one alone on the line, for two would answer into each other.</summary>
    public static byte[] ReadAddress(byte type, bool lowFirst)
    {
        Span<byte> anyone = stackalloc byte[AddressBytes];
        anyone.Fill(Wildcard);
        return Question(type, anyone, ReadAddressOf, OwnAddress, lowFirst, 0);
    }

    static byte[] Question(byte type, ReadOnlySpan<byte> address, byte control, ushort identifier, bool lowFirst, byte serial)
    {
        var frame = new byte[PreambleBytes + OverheadBytes + DataHeadBytes];
        frame.AsSpan(0, PreambleBytes).Fill(Preamble);
        var body = frame.AsSpan(PreambleBytes);
        body[0] = Start;
        body[TypeAt] = type;
        address[..AddressBytes].CopyTo(body[(TypeAt + 1)..]);
        body[ControlAt] = control;
        body[LengthAt] = DataHeadBytes;
        if (lowFirst)
            BinaryPrimitives.WriteUInt16LittleEndian(body[DataAt..], identifier);
        else
            BinaryPrimitives.WriteUInt16BigEndian(body[DataAt..], identifier);
        body[DataAt + 2] = serial;
        body[^2] = Sum(body[..^2]);
        body[^1] = End;
        return frame;
    }

    /// <summary>Looks for the answer to <paramref name="question"/>, a frame of this class, in all bytes received since it was sent.</summary>
    /// <param name="data">What stands behind identifier and number; of a refusal what the meter says instead.</param>
    public static AnswerKind Find(ReadOnlySpan<byte> received, ReadOnlySpan<byte> question, out ReadOnlySpan<byte> data)
    {
        data = default;
        var asked = question[question.IndexOf(Start)..];
        for (var at = 0; at + OverheadBytes <= received.Length; at++)
        {
            var rest = received[at..];
            if (rest[0] != Start || !rest[TypeAt..ControlAt].SequenceEqual(asked[TypeAt..ControlAt]) || rest[LengthAt] > DataBytesMax || rest.Length < OverheadBytes + rest[LengthAt])
                continue;
            var frame = rest[..(OverheadBytes + rest[LengthAt])];
            if (frame[^1] != End || frame[^2] != Sum(frame[..^2]))
                continue;
            var body = frame[DataAt..^2];
            if (frame[ControlAt] == ReadRefusal)
            {
                data = body;
                return AnswerKind.Refused;
            }

            if (frame[ControlAt] == ReadAnswer && body.Length >= DataHeadBytes && body[..DataHeadBytes].SequenceEqual(asked.Slice(DataAt, DataHeadBytes)))
            {
                data = body[DataHeadBytes..];
                return AnswerKind.Answered;
            }
        }

        return received.Length >= OverheadBytes + DataHeadBytes ? AnswerKind.Unchecked : AnswerKind.NeedMore;
    }

    /// <summary>The same for <see cref="ReadAddress"/>.</summary>
    /// <param name="address">The meter's, low first.</param>
    public static AnswerKind FindAddress(ReadOnlySpan<byte> received, ReadOnlySpan<byte> question, out ReadOnlySpan<byte> address)
    {
        address = default;
        var asked = question[question.IndexOf(Start)..];
        const int bytes = OverheadBytes + DataHeadBytes;
        for (var at = 0; at + bytes <= received.Length; at++)
        {
            var frame = received.Slice(at, bytes);
            if (frame[0] != Start || frame[TypeAt] != asked[TypeAt] || frame[ControlAt] != ReadAddressAnswer || frame[LengthAt] != DataHeadBytes || frame[^1] != End || frame[^2] != Sum(frame[..^2]) || !frame.Slice(DataAt, DataHeadBytes).SequenceEqual(asked.Slice(DataAt, DataHeadBytes)))
                continue;
            address = frame.Slice(TypeAt + 1, AddressBytes);
            return AnswerKind.Answered;
        }

        return received.Length >= bytes ? AnswerKind.Unchecked : AnswerKind.NeedMore;
    }

    static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (var b in bytes)
            sum += b;
        return sum;
    }
}
