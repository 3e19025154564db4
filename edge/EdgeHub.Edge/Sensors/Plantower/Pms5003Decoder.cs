using System.Buffers.Binary;

namespace EdgeHub.Edge.Sensors.Plantower;

/// <summary>
/// The stream of a Plantower PMS5003 (PMS7003 and A003 speak the same): <c>42 4D</c>, length 28, thirteen 16-bit words, high
/// byte first, and the 16-bit sum of all bytes before it. Source: Plantower, PMS5003 series data manual V2.3, appendix I
/// ("PMS5003 transport protocol, active mode").
/// Pure: bytes in, results out, whatever the bytes are and however they are split. A frame whose sum is wrong is never a frame;
/// the search then goes on at its second byte, so that a true frame that began inside is not lost with it.
/// </summary>
public sealed class Pms5003Decoder
{
    const byte Start1 = 0x42;
    const byte Start2 = 0x4D;
    const int HeaderBytes = 4;
    const int SumBytes = 2;

    /// <summary>Length field of a PMS5003 frame: 13 words and the sum.</summary>
    const int Length5003 = 28;

    /// <summary>Length field of the answer to a command: its echo and the sum.</summary>
    const int LengthCommandAnswer = 4;

    /// <summary>Length fields of the siblings PMS3003 and PMS5003ST.</summary>
    const int Length3003 = 20;
    const int Length5003St = 36;

    const int FrameBytesMax = HeaderBytes + Length5003St;
    const int WordCount = 13;

    // Data words, counted from 1 as the manual does, in the order of Pms5003Streams.
    static readonly int[] WordOfStream = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3];

    readonly byte[] held = new byte[FrameBytesMax];
    readonly byte[] rejected = new byte[FrameBytesMax];
    int heldCount;
    int rejectedCount;
    bool rejectedIsReported;

    /// <summary>Bytes of a bad frame that are still held: they were reported with it and are not garbage a second time.</summary>
    int excused;

    /// <summary>The bytes of the last result that was no frame, at most <see cref="FrameBytesMax"/>. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Rejected => rejected.AsSpan(0, rejectedCount);

    /// <summary>
    /// Takes bytes from <paramref name="input"/> up to the next result. Call again with what is left until it says
    /// <see cref="PmsStatus.NeedMore"/>.
    /// </summary>
    public PmsStatus Read(ref ReadOnlySpan<byte> input, out Pms5003Frame? frame)
    {
        frame = null;
        if (rejectedIsReported)
            rejectedCount = 0;
        rejectedIsReported = false;
        while (true)
        {
            while (heldCount > 0 && !MayBeFrame())
                Skip();
            if (rejectedCount == FrameBytesMax || (rejectedCount > 0 && heldCount >= HeaderBytes))
                return Report(PmsStatus.Garbage);
            if (heldCount >= HeaderBytes && heldCount >= HeaderBytes + held[3])
            {
                if (Finish(out frame) is { } status)
                    return status;
                continue;
            }

            if (input.IsEmpty)
                return PmsStatus.NeedMore;
            held[heldCount++] = input[0];
            input = input[1..];
        }
    }

    bool MayBeFrame() =>
        held[0] == Start1
        && (heldCount < 2 || held[1] == Start2)
        && (heldCount < 3 || held[2] == 0)
        && (heldCount < 4 || held[3] is Length5003 or LengthCommandAnswer or Length3003 or Length5003St);

    // The answer to a command is a frame of nothing: no result, so null.
    PmsStatus? Finish(out Pms5003Frame? frame)
    {
        frame = null;
        var bytes = held.AsSpan(0, HeaderBytes + held[3]);
        if (!SumIsRight(bytes))
        {
            Keep(bytes);
            excused = bytes.Length;
            Skip();
            return Report(PmsStatus.BadChecksum);
        }

        PmsStatus? status = null;
        if (held[3] == Length5003)
        {
            status = PmsStatus.Frame;
            frame = Parse(bytes);
        }
        else if (held[3] != LengthCommandAnswer)
        {
            Keep(bytes);
            status = Report(PmsStatus.OtherModel);
        }

        excused = 0;
        Remove(bytes.Length);
        return status;
    }

    static bool SumIsRight(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        foreach (var b in bytes[..^SumBytes])
            sum += b;
        return sum == BinaryPrimitives.ReadUInt16BigEndian(bytes[^SumBytes..]);
    }

    static Pms5003Frame Parse(ReadOnlySpan<byte> bytes)
    {
        var values = new int[WordOfStream.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadUInt16BigEndian(bytes[(HeaderBytes + ((WordOfStream[i] - 1) * 2))..]);
        var last = bytes[(HeaderBytes + ((WordCount - 1) * 2))..];
        return new Pms5003Frame(values, Version: last[0], ErrorCode: last[1]);
    }

    PmsStatus Report(PmsStatus status)
    {
        rejectedIsReported = true;
        return status;
    }

    void Keep(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rejected);
        rejectedCount = bytes.Length;
    }

    void Skip()
    {
        if (excused > 0)
            excused--;
        else if (rejectedCount < FrameBytesMax)
            rejected[rejectedCount++] = held[0];
        Remove(1);
    }

    void Remove(int bytes)
    {
        heldCount -= bytes;
        held.AsSpan(bytes, heldCount).CopyTo(held);
    }
}
