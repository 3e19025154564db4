using System.IO.Ports;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>How a serial line is set where its URI leaves something out: what the instrument leaves the factory with.</summary>
public sealed record SerialDefaults(int Baud, Parity Parity)
{
    /// <summary>9600 8N1.</summary>
    public static SerialDefaults Common { get; } = new(9600, Parity.None);

    /// <summary>2400 8E1: the meters of DL/T 645 and CJ/T 188.</summary>
    public static SerialDefaults Meter { get; } = new(2400, Parity.Even);
}
