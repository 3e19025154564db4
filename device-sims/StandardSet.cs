using EdgeHub.DeviceSims.Doubles;

namespace EdgeHub.DeviceSims;

/// <summary>
/// The devices of <c>edgehub-sims run</c>: 28 streams on two ports.
/// <list type="bullet">
/// <item><c>ttyPM0</c>: <c>pms1</c>, a PMS5003.</item>
/// <item><c>ttyBUS0</c>, 9600 8N1: <c>weather1</c> at address 1, <c>noise1</c> at 2, <c>meter1</c> at 3.</item>
/// </list>
/// </summary>
public static class StandardSet
{
    /// <summary>The port of the particle sensor.</summary>
    public const string PmsPort = "ttyPM0";

    /// <summary>The port of the bus.</summary>
    public const string BusPort = "ttyBUS0";

    private const int Baud = 9600;

    /// <summary>The devices, each with the name of its port, wired to nothing.</summary>
    public static IReadOnlyList<(string Port, DeviceDouble Device)> Devices(ulong seed) =>
        [(PmsPort, Sensor(seed)), .. Slaves(seed).Select(slave => (BusPort, (DeviceDouble)slave))];

    /// <summary>Makes the ports in <paramref name="directory"/>, which must exist, and wires the devices to them.</summary>
    /// <param name="busEnds">How many boxes may be wired to the bus, each at an end of its own.</param>
    /// <exception cref="IOException">A port cannot be made.</exception>
    public static IReadOnlyList<SimLine> Wire(string directory, ulong seed, TimeSpan pmsInterval, Ledger ledger, TimeProvider time, int busEnds = 1)
    {
        var lines = new List<SimLine>();
        try
        {
            lines.Add(SimLine.Open(Path.Combine(directory, PmsPort), Baud, [Sensor(seed, pmsInterval)], ledger, time));
            lines.Add(SimLine.Open(Path.Combine(directory, BusPort), Baud, Slaves(seed), ledger, time, ends: busEnds));
            return lines;
        }
        catch
        {
            lines.ForEach(line => line.Dispose());
            throw;
        }
    }

    private static Pms5003 Sensor(ulong seed, TimeSpan? pace = null) => new("pms1", seed, pace);

    private static IReadOnlyList<DeviceDouble> Slaves(ulong seed) =>
        [new WeatherStation("weather1", 1, seed), new NoiseMeter("noise1", 2, seed), new MeterSdm("meter1", 3, seed)];
}
