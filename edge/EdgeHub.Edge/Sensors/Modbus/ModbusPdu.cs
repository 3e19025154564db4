using System.Buffers.Binary;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>
/// What stands between the slave's address and the checksum: the same on a serial line and over TCP. Source: Modbus Application
/// Protocol V1.1b3, 6.1-6.4, 6.21, 7. Only reading functions can be built. Pure and total.
/// </summary>
public static class ModbusPdu
{
    /// <summary>The longest PDU.</summary>
    public const int BytesMax = 253;

    public const byte ExceptionBit = 0x80;

    internal const int ExceptionBytes = 2;

    // Function, start, count.
    const int ReadBytes = 5;

    // Function, byte count.
    internal const int PayloadAt = 2;

    /// <summary>Asks for registers or bits.</summary>
    public static byte[] Read(ModbusRequest request)
    {
        var pdu = new byte[ReadBytes];
        pdu[0] = (byte)request.Function;
        BinaryPrimitives.WriteUInt16BigEndian(pdu.AsSpan(1), request.Start);
        BinaryPrimitives.WriteUInt16BigEndian(pdu.AsSpan(3), request.Count);
        return pdu;
    }

    /// <summary>What a question asks for, of a slave that it does not name (0); null when it is none for registers or bits.</summary>
    public static ModbusRequest? ReadOf(ReadOnlySpan<byte> asked) =>
        asked.Length == ReadBytes && asked[0] is >= 1 and <= 4
            ? new ModbusRequest(0, (ModbusFunction)asked[0], BinaryPrimitives.ReadUInt16BigEndian(asked[1..]), BinaryPrimitives.ReadUInt16BigEndian(asked[3..]))
            : null;

    /// <summary>Length of the answer to a question when it is no exception; of an identification the least there is.</summary>
    public static int ExpectedBytes(ReadOnlySpan<byte> asked)
    {
        if (asked.Length < ReadBytes)
            return ModbusIdentification.AnswerBytesMin;
        var count = BinaryPrimitives.ReadUInt16BigEndian(asked[3..]);
        return PayloadAt + new ModbusRequest(0, (ModbusFunction)asked[0], 0, count).PayloadBytes;
    }

    /// <summary>Length of the answer to <paramref name="asked"/> that begins at <paramref name="rest"/>.</summary>
    /// <returns>Bytes of the answer; 0: too few bytes to tell; -1: no answer to this question.</returns>
    public static int AnswerBytes(ReadOnlySpan<byte> asked, ReadOnlySpan<byte> rest)
    {
        if (asked.IsEmpty || rest.IsEmpty)
            return asked.IsEmpty ? -1 : 0;
        if (rest[0] == (asked[0] | ExceptionBit))
            return ExceptionBytes;
        if (rest[0] != asked[0])
            return -1;
        if (asked[0] == ModbusIdentification.Function)
            return ModbusIdentification.AnswerBytes(rest);
        if (asked.Length < ReadBytes)
            return -1;
        var expected = ExpectedBytes(asked);
        return rest.Length < PayloadAt ? 0 : rest[1] == expected - PayloadAt ? expected : -1;
    }
}
