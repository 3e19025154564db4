using System.IO.Ports;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary><c>serial:/dev/ttyUSB0?baud=9600&amp;parity=none&amp;data=8&amp;stop=1</c>; what is left out is as here, or as the driver's instruments leave the factory.</summary>
public sealed record SerialPortUri(string Path, int Baud, Parity Parity, int DataBits, StopBits StopBits) : PortUri(Path)
{
    public override PortKinds Kind => PortKinds.Serial;

    public override string ToString() => $"serial:{Path}";

    internal static SerialPortUri Read(string path, SerialDefaults defaults, PortQuery query)
    {
        if (!path.StartsWith('/') || path.Length < 2)
            query.Fail("the path of the serial device does not begin with /.", "Write serial:/dev/ttyUSB0, or better a stable name under /dev/serial/by-id/.");
        return new SerialPortUri(
            path,
            query.Whole("baud", defaults.Baud, 300, 4_000_000),
            query.Choice("parity", defaults.Parity, ("none", Parity.None), ("even", Parity.Even), ("odd", Parity.Odd)),
            query.Whole("data", 8, 7, 8),
            query.Choice("stop", StopBits.One, ("1", StopBits.One), ("2", StopBits.Two)));
    }
}
