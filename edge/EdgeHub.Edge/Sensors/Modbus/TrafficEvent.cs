namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>What went over a line.</summary>
public enum TrafficKind
{
    /// <summary>A master's request with a right CRC.</summary>
    Question,

    /// <summary>A slave's answer with a right CRC.</summary>
    Answer,

    /// <summary>A slave's exception with a right CRC.</summary>
    Refusal,

    /// <summary>Bytes that are no frame of Modbus.</summary>
    Unclear,
}

/// <param name="FirstMs">When its first byte was there, since the start.</param>
/// <param name="LastMs">When its last one was.</param>
/// <param name="TurnaroundMs">Of what answers a question that was heard: from that one's last byte to the first of this.</param>
public sealed record TrafficEvent(TrafficKind Kind, double FirstMs, double LastMs, ReadOnlyMemory<byte> Bytes, double? TurnaroundMs = null)
{
    public byte Slave => Bytes.Span[0];

    /// <summary>What stands between the slave's address and the checksum; not of unclear bytes.</summary>
    public ReadOnlySpan<byte> Pdu => Bytes.Span[1..^2];

    public byte Function => (byte)(Bytes.Span[1] & 0x7F);
}
