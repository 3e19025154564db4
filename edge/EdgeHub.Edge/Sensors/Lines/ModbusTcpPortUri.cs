namespace EdgeHub.Edge.Sensors.Lines;

/// <summary><c>modbus-tcp:host[:port]</c>: an instrument or gateway that speaks Modbus TCP; port 502 unless it says otherwise.</summary>
public sealed record ModbusTcpPortUri(string Host, int Port) : PortUri($"{Host}:{Port}")
{
    /// <summary>Registered for it (Modbus Messaging on TCP/IP V1.0b, 4.2.2).</summary>
    public const int PortDefault = 502;

    public override PortKinds Kind => PortKinds.ModbusTcp;

    public override string ToString() => $"modbus-tcp:{Key}";

    internal static ModbusTcpPortUri Read(string place, PortQuery query)
    {
        var (host, port) = TcpPortUri.Split(place, PortDefault);
        if (port == 0)
            query.Fail("this names no host.", "Write modbus-tcp:192.168.1.20, or modbus-tcp:192.168.1.20:502.");
        return new ModbusTcpPortUri(host, port);
    }
}
