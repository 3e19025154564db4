using System.Globalization;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary><c>tcp:host:port</c>: the bytes of a serial line through a converter, not Modbus TCP.</summary>
public sealed record TcpPortUri(string Host, int Port) : PortUri($"{Host}:{Port}")
{
    public override PortKinds Kind => PortKinds.Tcp;

    public override string ToString() => $"tcp:{Key}";

    internal static TcpPortUri Read(string place, PortQuery query)
    {
        var colon = place.LastIndexOf(':');
        var host = colon < 0 ? "" : place[..colon].Trim('[', ']');
        if (host.Length == 0 || !int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            query.Fail("this names no host and port.", "Write tcp:192.168.1.20:4196.");
            port = 0;
        }

        return new TcpPortUri(host, port);
    }
}
