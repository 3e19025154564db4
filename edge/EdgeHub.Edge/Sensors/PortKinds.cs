namespace EdgeHub.Edge.Sensors;

/// <summary>Kinds of port, by the scheme of their URI.</summary>
[Flags]
public enum PortKinds
{
    /// <summary>The driver brings a line of its own.</summary>
    None = 0,
    Serial = 1,
    Tcp = 2,
    Gpio = 4,
    I2c = 8,
    ModbusTcp = 16,
}

public static class PortKindsExtensions
{
    static readonly (PortKinds Kind, string Example)[] Examples =
    [
        (PortKinds.Serial, "serial:/dev/ttyUSB0?baud=9600"),
        (PortKinds.Tcp, "tcp:host:port"),
        (PortKinds.ModbusTcp, "modbus-tcp:host"),
        (PortKinds.Gpio, "gpio:0/17"),
        (PortKinds.I2c, "i2c:1/0x76"),
    ];

    /// <summary>How ports of these kinds are written: <c>serial:/dev/ttyUSB0?baud=9600 or tcp:host:port</c>.</summary>
    public static string Example(this PortKinds kinds) =>
        string.Join(" or ", Examples.Where(item => kinds.HasFlag(item.Kind)).Select(item => item.Example));

    /// <summary>Their schemes: <c>serial</c>, <c>tcp</c>.</summary>
    public static IReadOnlyList<string> Schemes(this PortKinds kinds) =>
        [.. Examples.Where(item => kinds.HasFlag(item.Kind)).Select(item => item.Example[..item.Example.IndexOf(':', StringComparison.Ordinal)])];
}
