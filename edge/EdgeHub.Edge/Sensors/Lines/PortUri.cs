namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>Where a line is and how it is set, as the configuration writes it: <c>serial:</c>, <c>tcp:</c>, <c>modbus-tcp:</c>, <c>gpio:</c> or <c>i2c:</c>.</summary>
/// <param name="Key">What two sensors on one line have in common: <c>/dev/ttyUSB0</c>, <c>10.0.0.7:502</c>, <c>gpio:0</c>.</param>
public abstract record PortUri(string Key)
{
    public abstract PortKinds Kind { get; }

    /// <summary>Where on the line, when the URI says it: a line of a chip, an address of a bus. Null when it names the line alone.</summary>
    public virtual string? Place => null;

    /// <summary>What the line is called in status, logs and metrics.</summary>
    public string LineName => Place is null ? ToString()! : Key;

    /// <summary>Whether both agree on how their common line is set.</summary>
    public virtual bool IsSetLike(PortUri other) => Equals(other);

    /// <summary>Reads a URI. When it is malformed the answer is null, with why and what to write instead.</summary>
    public static PortUri? TryParse(string text, out string reason, out string fix) => TryParse(text, SerialDefaults.Common, out reason, out fix);

    /// <param name="serial">How a serial line is set where the URI leaves something out.</param>
    public static PortUri? TryParse(string text, SerialDefaults serial, out string reason, out string fix)
    {
        ArgumentNullException.ThrowIfNull(serial);
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : text[..colon];
        if (scheme is not ("serial" or "tcp" or "modbus-tcp" or "gpio" or "i2c"))
        {
            reason = "this is no port.";
            fix = "Write serial:/dev/ttyUSB0?baud=9600, tcp:host:port, modbus-tcp:host, gpio:0/17 or i2c:1/0x76.";
            return null;
        }

        var query = PortQuery.Parse(text[(colon + 1)..], out var place);
        PortUri? port = scheme switch
        {
            "serial" => SerialPortUri.Read(place, serial, query),
            "tcp" => TcpPortUri.Read(place, query),
            "modbus-tcp" => ModbusTcpPortUri.Read(place, query),
            "i2c" => I2cPortUri.Read(place, query),
            _ => GpioPortUri.Read(place, query),
        };
        query.RejectUnknown();
        (reason, fix) = query.Wrong ?? ("", "");
        return query.Wrong is null ? port : null;
    }
}
