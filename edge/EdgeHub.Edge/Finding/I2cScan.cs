using System.Globalization;
using EdgeHub.Edge.Sensors.I2c;

namespace EdgeHub.Edge.Finding;

/// <summary>
/// Which addresses answer on the I2C buses, by reading one byte of each and sending none. A part that answers a read only after a
/// command (SHT3x, SHT4x, SCD4x) may stay unseen so; it is then to be configured by the address in its manual.
/// </summary>
public static class I2cScan
{
    const int AddressFirst = 0x08; // I2C-bus specification UM10204, 3.1.12: the rest is reserved.
    const int AddressLast = 0x77;

    static readonly (int[] Addresses, string Driver)[] Parts =
    [
        ([0x76, 0x77], "bme280"), ([0x44, 0x45], "sht4x"), ([0x62], "scd4x"), ([0x23, 0x5C], "bh1750"), ([0x48, 0x49, 0x4A, 0x4B], "ads1115"),
    ];

    /// <summary>The buses by the number of their device.</summary>
    public static IReadOnlyList<int> Buses(string devices) =>
    [
        .. Directory.EnumerateFileSystemEntries(devices, "i2c-*").Select(path => Path.GetFileName(path)["i2c-".Length..])
            .Where(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).Order(),
    ];

    /// <exception cref="Sensors.Lines.LineException">The bus does not open.</exception>
    public static IReadOnlyList<Found> Run(OpenI2c open, int bus)
    {
        var found = new List<Found>();
        for (var address = AddressFirst; address <= AddressLast; address++)
            if (Answers(open, bus, address))
                found.Add(Describe(bus, address));
        return found;
    }

    static Found Describe(int bus, int address)
    {
        var port = string.Create(CultureInfo.InvariantCulture, $"i2c:{bus}/0x{address:x2}");
        var drivers = Parts.Where(part => part.Addresses.Contains(address)).Select(part => part.Driver).ToList();
        return drivers is [var driver, ..]
            ? new Found(port, $"perhaps a {driver}", "answers a read; only the address speaks for it: hold it against the board", new SensorEntry($"{driver}-{address:x2}", driver, port))
            : new Found(port, "an unknown part", "answers a read; no driver here has this address");
    }

    static bool Answers(OpenI2c open, int bus, int address)
    {
        using var device = open(bus, address);
        try
        {
            device.ReadByte();
            return true;
        }
        catch (IOException e) when (e is not Sensors.Lines.LineException)
        {
            return false; // Nobody acknowledged.
        }
    }
}
