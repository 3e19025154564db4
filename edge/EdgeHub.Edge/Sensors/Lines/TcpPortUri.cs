using System.Globalization;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary><c>tcp:host:port</c>: the bytes of a serial line through a converter, not Modbus TCP.</summary>
public sealed record TcpPortUri(string Host, int Port) : PortUri($"{Host}:{Port}")
{
    public override PortKinds Kind => PortKinds.Tcp;

    public override string ToString() => $"tcp:{Key}";

    internal static TcpPortUri Read(string place, PortQuery query)
    {
        var (host, port) = Split(place, 0);
        if (port == 0)
            query.Fail("this names no host and port.", "Write tcp:192.168.1.20:4196.");
        return new TcpPortUri(host, port);
    }

    /// <summary>Host and port, an IPv6 host in brackets; port 0 where the text names no such place.</summary>
    internal static (string Host, int Port) Split(string place, int fallback)
    {
        var colon = place.LastIndexOf(':');
        var hasPort = colon >= 0 && !place.EndsWith(']');
        var host = (hasPort ? place[..colon] : place).Trim('[', ']');
        var port = hasPort ? int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var written) ? written : 0 : fallback;
        return (host, host.Length > 0 && port is > 0 and <= 65535 ? port : 0);
    }
}
