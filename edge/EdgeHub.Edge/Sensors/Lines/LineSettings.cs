using System.IO.Ports;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>How a line is set while it is tried.</summary>
public readonly record struct LineSettings(int Baud, Parity Parity)
{
    /// <summary>What Modbus slaves leave the factory with, the commonest first.</summary>
    public static IReadOnlyList<int> ModbusBauds { get; } = [9600, 4800, 19200, 2400, 38400, 115200];

    /// <summary>The same of meters.</summary>
    public static IReadOnlyList<LineSettings> Meters { get; } =
        [new(2400, Parity.Even), new(9600, Parity.Even), new(1200, Parity.Even), new(4800, Parity.Even), new(9600, Parity.None), new(2400, Parity.None)];

    /// <summary>The same of instruments that talk by themselves.</summary>
    public static IReadOnlyList<int> TalkerBauds { get; } = [9600, 115200, 4800, 19200, 38400, 2400];

    /// <summary>That speed without parity.</summary>
    public static LineSettings Plain(int baud) => new(baud, Parity.None);

    /// <param name="parity"><c>none</c>, <c>even</c> or <c>odd</c>.</param>
    public static LineSettings Of(int baud, string parity) => new(baud, Enum.Parse<Parity>(parity, ignoreCase: true));

    /// <summary>The port with these settings, eight data bits and one stop bit.</summary>
    public SerialPortUri At(string path) => new(path, Baud, Parity, 8, StopBits.One);

    /// <summary>Each baud without parity, then each with even, then with odd.</summary>
    public static IReadOnlyList<LineSettings> Sweep(IReadOnlyList<int> bauds) =>
        [.. new[] { Parity.None, Parity.Even, Parity.Odd }.SelectMany(parity => bauds.Select(baud => new LineSettings(baud, parity)))];

    /// <summary>The port as the configuration writes it, with its parity even where it is none: drivers have defaults of their own.</summary>
    public string PortOf(string path) => $"serial:{path}?baud={Baud}&parity={Word}";

    public override string ToString() => $"{Baud} baud, parity {Word}";

    string Word => Parity switch { Parity.Even => "even", Parity.Odd => "odd", _ => "none" };
}
