using System.Buffers.Binary;
using EdgeHub.Edge.Sensors.Buses;

namespace EdgeHub.Edge.Sensors.Dlt645;

/// <summary>
/// The frames of DL/T 645-2007 as a reader of meters sees them (5.2 frame, 5.3 transmission, 7.1 reading data, 7.2 reading the
/// address): <c>FE × 0-4, 68, A0..A5, 68, C, L, data + 33, CS, 16</c>. Pure and total.
/// <para>
/// The standard's codes 14 to 1C write to a meter, clear it, freeze it or open its relay. No frame here can carry one: a
/// frame is built from <see cref="Ask"/>, which has no such member, and there is no other way to a control code.
/// </para>
/// </summary>
public static class Dlt645Frames
{
    /// <summary>The longest answer, preamble included.</summary>
    public const int AnswerBytesMax = PreambleBytes + OverheadBytes + DataBytesMax;

    /// <summary>Bytes of an answer that carries <paramref name="data"/> bytes, preamble included.</summary>
    public static int AnswerBytes(int data) => PreambleBytes + OverheadBytes + data;

    /// <summary>The data field of a read answer is at most this long (5.2.5).</summary>
    public const int DataBytesMax = 200;

    /// <summary>Bytes of a meter's address.</summary>
    public const int AddressBytes = 6;

    internal const int DataIdBytes = 4;

    const byte Start = 0x68;
    const byte End = 0x16;
    const byte Preamble = 0xFE; // Wakes the receiver of an infrared or carrier link; a wire ignores it.
    const byte Offset = 0x33;
    const byte Wildcard = 0xAA;
    const int PreambleBytes = 4;
    const int OverheadBytes = 12; // 68, A0..A5, 68, C, L, CS, 16
    const int SecondStartAt = 7;
    const int ControlAt = 8;
    const int LengthAt = 9;
    const int DataAt = 10;

    const byte AnswerBit = 0x80;
    const byte ErrorBit = 0x40;
    const byte MoreBit = 0x20;

    enum Ask : byte
    {
        ReadData = 0x11,
        ReadFollowing = 0x12,
        ReadAddress = 0x13,
    }

    /// <summary>Asks for one data identifier.</summary>
    /// <param name="address">Six bytes, low first; <see cref="AnyAddress"/> for a meter alone on its line.</param>
    public static byte[] Read(ReadOnlySpan<byte> address, uint dataId)
    {
        Span<byte> data = stackalloc byte[DataIdBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(data, dataId);
        return Build(address, Ask.ReadData, data);
    }

    /// <summary>Asks for what did not fit into the answer before.</summary>
    /// <param name="sequence">1 for the first frame that follows.</param>
    public static byte[] ReadFollowing(ReadOnlySpan<byte> address, uint dataId, byte sequence)
    {
        Span<byte> data = stackalloc byte[DataIdBytes + 1];
        BinaryPrimitives.WriteUInt32LittleEndian(data, dataId);
        data[DataIdBytes] = sequence;
        return Build(address, Ask.ReadFollowing, data);
    }

    /// <summary>Asks the one meter on a line for its address.</summary>
    public static byte[] ReadAddress() => Build(AnyAddress, Ask.ReadAddress, []);

    /// <summary>Every meter's address.</summary>
    public static ReadOnlySpan<byte> AnyAddress => [Wildcard, Wildcard, Wildcard, Wildcard, Wildcard, Wildcard];

    /// <summary>Looks for the answer to <paramref name="question"/>, a frame of this class, in all bytes received since it was sent.</summary>
    /// <param name="answer">Of an answer: address, data with 33 taken off, whether more follows; of a refusal: the error byte as data.</param>
    public static AnswerKind Find(ReadOnlySpan<byte> received, ReadOnlySpan<byte> question, out Dlt645Answer answer)
    {
        answer = default;
        var asked = question[question.IndexOf(Start)..];
        for (var at = 0; at + OverheadBytes <= received.Length; at++)
        {
            var rest = received[at..];
            if (rest[0] != Start || rest[SecondStartAt] != Start || rest[LengthAt] > DataBytesMax || rest.Length < OverheadBytes + rest[LengthAt])
                continue;
            var frame = rest[..(OverheadBytes + rest[LengthAt])];
            if (frame[^1] == End && frame[^2] == Sum(frame[..^2]) && Judge(frame, asked, ref answer) is { } kind)
                return kind;
        }

        return received.Length >= OverheadBytes + asked[LengthAt] ? AnswerKind.Unchecked : AnswerKind.NeedMore;
    }

    /// <summary>What an error byte says (annex B, error information word).</summary>
    public static string Explain(byte error) => error switch
    {
        _ when (error & 0x02) != 0 => "it has no such value (error 02): leave the quantity out or choose the right kind of meter.",
        _ when (error & 0x04) != 0 => "it wants a password to read (error 04): ask the meter's owner.",
        _ => $"it answers with error {error:X2}: look it up in its manual.",
    };

    // A frame that checks: is it the answer to what was asked?
    static AnswerKind? Judge(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> asked, ref Dlt645Answer answer)
    {
        var control = frame[ControlAt];
        var sameMeter = asked[1] == Wildcard || frame[1..SecondStartAt].SequenceEqual(asked[1..SecondStartAt]);
        if (!sameMeter || (control & ~(ErrorBit | MoreBit)) != (asked[ControlAt] | AnswerBit))
            return null;
        var data = frame[DataAt..^2].ToArray();
        foreach (ref var b in data.AsSpan())
            b -= Offset;
        var address = frame[1..SecondStartAt].ToArray();
        if ((control & ErrorBit) != 0)
        {
            answer = new Dlt645Answer(address, data, HasMore: false);
            return data.Length > 0 ? AnswerKind.Refused : null;
        }

        // What was asked for stands first in the answer, and with a following frame its number stands last.
        var what = asked[LengthAt] == 0 ? 0 : DataIdBytes;
        if (data.Length < what)
            return null;
        for (var i = 0; i < what; i++)
            if (data[i] != (byte)(asked[DataAt + i] - Offset))
                return null;
        var following = asked[ControlAt] == (byte)Ask.ReadFollowing;
        if (following && (data.Length == what || data[^1] != (byte)(asked[DataAt + what] - Offset)))
            return null;
        answer = new Dlt645Answer(address, data.AsMemory(what, data.Length - what - (following ? 1 : 0)), (control & MoreBit) != 0);
        return AnswerKind.Answered;
    }

    static byte[] Build(ReadOnlySpan<byte> address, Ask ask, ReadOnlySpan<byte> data)
    {
        var frame = new byte[PreambleBytes + OverheadBytes + data.Length];
        frame.AsSpan(0, PreambleBytes).Fill(Preamble);
        var body = frame.AsSpan(PreambleBytes);
        body[0] = body[SecondStartAt] = Start;
        address[..AddressBytes].CopyTo(body[1..]);
        body[ControlAt] = (byte)ask;
        body[LengthAt] = (byte)data.Length;
        for (var i = 0; i < data.Length; i++)
            body[DataAt + i] = (byte)(data[i] + Offset);
        body[^2] = Sum(body[..^2]);
        body[^1] = End;
        return frame;
    }

    static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (var b in bytes)
            sum += b;
        return sum;
    }
}
