using System.Buffers.Binary;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>
/// The frames of Modbus RTU as a master sees them. Source: Modbus Application Protocol V1.1b3 (6.1-6.4, 7) and Modbus over
/// Serial Line V1.02 (2.5.1). The specification parts frames by silence; USB adapters hand bytes over in lumps and make silence
/// of their own, so an answer is found here by its slave, function, expected length and CRC, wherever it begins. Pure and total.
/// </summary>
public static class ModbusFrames
{
    public const int RequestBytes = 8;

    /// <summary>Bytes that may come after one request: the longest answer and as much garbage before it.</summary>
    public const int ReplyBytesMax = 512;

    const int CrcBytes = 2;
    const int ExceptionBytes = 5;
    const byte ExceptionBit = 0x80;

    // Slave, function, byte count.
    const int PayloadAt = 3;

    public static byte[] Request(ModbusRequest request)
    {
        var bytes = new byte[RequestBytes];
        bytes[0] = request.Slave;
        bytes[1] = (byte)request.Function;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), request.Start);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), request.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), ModbusCrc.Compute(bytes.AsSpan(0, 6)));
        return bytes;
    }

    /// <summary>Length of the answer, when it is no exception.</summary>
    public static int ReplyBytes(ModbusRequest request) => PayloadAt + request.PayloadBytes + CrcBytes;

    /// <summary>Looks for the answer to <paramref name="request"/> in all bytes received since it was sent.</summary>
    /// <param name="payload">The data bytes of a <see cref="ReplyStatus.Reply"/>.</param>
    /// <param name="exceptionCode">The code of a <see cref="ReplyStatus.Exception"/>.</param>
    public static ReplyStatus Find(ReadOnlySpan<byte> received, ModbusRequest request, out ReadOnlySpan<byte> payload, out byte exceptionCode)
    {
        exceptionCode = 0;
        payload = default;
        var replyBytes = ReplyBytes(request);
        for (var at = 0; at + ExceptionBytes <= received.Length; at++)
        {
            var rest = received[at..];
            if (rest[0] != request.Slave)
                continue;
            if (rest[1] == (byte)request.Function && rest[2] == request.PayloadBytes && rest.Length >= replyBytes && IsChecked(rest[..replyBytes]))
            {
                payload = rest.Slice(PayloadAt, request.PayloadBytes);
                return ReplyStatus.Reply;
            }

            if (rest[1] == ((byte)request.Function | ExceptionBit) && IsChecked(rest[..ExceptionBytes]))
            {
                exceptionCode = rest[2];
                return ReplyStatus.Exception;
            }
        }

        return received.Length >= replyBytes ? ReplyStatus.Unchecked : ReplyStatus.NeedMore;
    }

    /// <summary>What an exception code says and what to do.</summary>
    public static string Explain(byte exceptionCode) => exceptionCode switch
    {
        1 => "it does not know this function (exception 1): the profile's function does not fit this model.",
        2 => "it has no such register (exception 2): the profile does not fit this model.",
        3 => "it refuses the number of registers (exception 3): lower countMax in the profile.",
        4 => "it reports a failure of its own (exception 4): check or replace the instrument.",
        5 => "it has accepted and needs time (exception 5); it is asked again.",
        6 => "it is busy (exception 6); it is asked again.",
        8 => "it reports a memory parity error (exception 8): replace the instrument.",
        10 or 11 => $"a gateway on the way does not reach it (exception {exceptionCode}): check the gateway and its wiring.",
        _ => $"it answers with exception {exceptionCode}: look it up in its manual.",
    };

    static bool IsChecked(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt16LittleEndian(frame[^CrcBytes..]) == ModbusCrc.Compute(frame[..^CrcBytes]);
}
