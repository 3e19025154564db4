using System.Buffers.Binary;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>
/// The frames of Modbus TCP: a header with transaction, protocol 0, length and unit before the PDU, and no checksum, because TCP has
/// its own. Source: Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1. An answer belongs to a question by its
/// transaction, so one that comes too late is passed over. Pure and total.
/// </summary>
public static class MbapFrames
{
    const int HeaderBytes = 7;
    const int ProtocolAt = 2;
    const int LengthAt = 4;
    const int UnitAt = 6;

    // The length field counts the unit.
    const int UnitBytes = 1;

    /// <summary>Bytes of a frame around a PDU of that length.</summary>
    public static int Bytes(int pdu) => HeaderBytes + pdu;

    public static byte[] Wrap(ushort transaction, byte unit, ReadOnlySpan<byte> pdu)
    {
        var bytes = new byte[HeaderBytes + pdu.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, transaction);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(LengthAt), (ushort)(UnitBytes + pdu.Length));
        bytes[UnitAt] = unit;
        pdu.CopyTo(bytes.AsSpan(HeaderBytes));
        return bytes;
    }

    /// <summary>Looks for the answer to a PDU in all bytes received since it was sent; frames follow one another without a gap.</summary>
    /// <param name="answer">The PDU of a <see cref="ReplyStatus.Reply"/> or a <see cref="ReplyStatus.Exception"/>.</param>
    public static ReplyStatus Find(ReadOnlySpan<byte> received, ushort transaction, byte unit, ReadOnlySpan<byte> asked, out ReadOnlySpan<byte> answer)
    {
        answer = default;
        while (received.Length >= HeaderBytes)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(received[LengthAt..]) - UnitBytes;
            if (BinaryPrimitives.ReadUInt16BigEndian(received[ProtocolAt..]) != 0 || length is < ModbusPdu.ExceptionBytes or > ModbusPdu.BytesMax)
                return ReplyStatus.Unchecked;
            if (received.Length < HeaderBytes + length)
                return ReplyStatus.NeedMore;
            var pdu = received.Slice(HeaderBytes, length);
            if (BinaryPrimitives.ReadUInt16BigEndian(received) == transaction && received[UnitAt] == unit)
            {
                if (ModbusPdu.AnswerBytes(asked, pdu) != length)
                    return ReplyStatus.Unchecked;
                answer = pdu;
                return (pdu[0] & ModbusPdu.ExceptionBit) == 0 ? ReplyStatus.Reply : ReplyStatus.Exception;
            }

            received = received[(HeaderBytes + length)..];
        }

        return ReplyStatus.NeedMore;
    }
}
