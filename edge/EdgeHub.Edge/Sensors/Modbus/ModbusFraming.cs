namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>How the PDUs of one slave travel: as RTU frames with a checksum, or behind the header of Modbus TCP with a number for each question.</summary>
sealed class ModbusFraming(byte slave, bool overTcp)
{
    ushort transaction;

    /// <summary>Whether the network has its own checksum and framing.</summary>
    public bool IsTcp => overTcp;

    public int Bytes(int pdu) => overTcp ? MbapFrames.Bytes(pdu) : ModbusFrames.Bytes(pdu);

    /// <summary>A question, with a number of its own over TCP.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> pdu) => overTcp ? MbapFrames.Wrap(++transaction, slave, pdu) : ModbusFrames.Wrap(slave, pdu);

    /// <summary>Looks for the answer to the last question.</summary>
    public ReplyStatus Find(ReadOnlySpan<byte> received, ReadOnlySpan<byte> asked, out ReadOnlySpan<byte> answer) =>
        overTcp ? MbapFrames.Find(received, transaction, slave, asked, out answer) : ModbusFrames.Find(received, slave, asked, out answer);
}
