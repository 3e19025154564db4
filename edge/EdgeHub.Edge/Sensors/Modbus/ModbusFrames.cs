using System.Buffers.Binary;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>
/// The frames of Modbus RTU as a master sees them. Source: Modbus over Serial Line V1.02, 2.5.1. The specification parts frames
/// by silence; USB adapters hand bytes over in lumps and make silence of their own, so an answer is found here by its slave,
/// function, expected length and CRC, wherever it begins. Pure and total.
/// </summary>
public static class ModbusFrames
{
    const int CrcBytes = 2;

    // The slave's address.
    const int PduAt = 1;

    /// <summary>Address and CRC around a PDU.</summary>
    public static byte[] Wrap(byte slave, ReadOnlySpan<byte> pdu)
    {
        var bytes = new byte[PduAt + pdu.Length + CrcBytes];
        bytes[0] = slave;
        pdu.CopyTo(bytes.AsSpan(PduAt));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(PduAt + pdu.Length), ModbusCrc.Compute(bytes.AsSpan(0, PduAt + pdu.Length)));
        return bytes;
    }

    public static byte[] Request(ModbusRequest request) => Wrap(request.Slave, ModbusPdu.Read(request));

    /// <summary>Bytes of a frame around a PDU of that length.</summary>
    public static int Bytes(int pdu) => PduAt + pdu + CrcBytes;

    /// <summary>Looks for the answer to a PDU in all bytes received since it was sent.</summary>
    /// <param name="answer">The PDU of a <see cref="ReplyStatus.Reply"/> or a <see cref="ReplyStatus.Exception"/>.</param>
    public static ReplyStatus Find(ReadOnlySpan<byte> received, byte slave, ReadOnlySpan<byte> asked, out ReadOnlySpan<byte> answer)
    {
        answer = default;
        for (var at = 0; at < received.Length; at++)
        {
            var rest = received[at..];
            if (rest[0] != slave)
                continue;
            var length = ModbusPdu.AnswerBytes(asked, rest[PduAt..]);
            if (length <= 0 || rest.Length < Bytes(length) || !IsChecked(rest[..Bytes(length)]))
                continue;
            answer = rest.Slice(PduAt, length);
            return (answer[0] & ModbusPdu.ExceptionBit) == 0 ? ReplyStatus.Reply : ReplyStatus.Exception;
        }

        return received.Length < Bytes(ModbusPdu.ExpectedBytes(asked)) ? ReplyStatus.NeedMore : ReplyStatus.Unchecked;
    }

    /// <summary>The same for registers or bits.</summary>
    /// <param name="payload">The data bytes of a <see cref="ReplyStatus.Reply"/>.</param>
    /// <param name="exceptionCode">The code of a <see cref="ReplyStatus.Exception"/>.</param>
    public static ReplyStatus Find(ReadOnlySpan<byte> received, ModbusRequest request, out ReadOnlySpan<byte> payload, out byte exceptionCode)
    {
        var status = Find(received, request.Slave, ModbusPdu.Read(request), out var answer);
        exceptionCode = status == ReplyStatus.Exception ? answer[1] : (byte)0;
        payload = status == ReplyStatus.Reply ? answer[ModbusPdu.PayloadAt..] : default;
        return status;
    }

    static bool IsChecked(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt16LittleEndian(frame[^CrcBytes..]) == ModbusCrc.Compute(frame[..^CrcBytes]);
}
