using EdgeHub.Edge.Sensors.Polled;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Sysfs;

/// <summary>The short way to a chip: the kernel has a driver for it (dtoverlay=i2c-sensor,bme280; w1-gpio; dht11; …) and we read what it shows.</summary>
static class SysfsDriver
{
    const string OneWirePrefix = "28-";

    public static Driver Driver { get; } = new()
    {
        Word = "sysfs",
        Summary = "Any chip that the kernel itself reads: IIO, hwmon, and 1-Wire thermometers.",
        Models =
        [
            new("", "chips with an IIO or hwmon driver", "linux Documentation/ABI/testing/sysfs-bus-iio and Documentation/hwmon/sysfs-interface"),
            new("Maxim", "DS18B20", "linux Documentation/w1/slaves/w1_therm; DS18B20 data sheet"),
        ],
        Ports = PortKinds.None,
        Keys =
        [
            new("device", "text", null, "iio/NAME or hwmon/NAME, NAME as the kernel's file name has it (iio/bme280), or w1/SERIAL (w1/28-0316a2795aff)."),
            new("quantities", "list of texts", "temperature", $"What it measures, of {string.Join(", ", SysfsChannel.All.Select(channel => channel.Stream.Quantity))}; a 1-Wire thermometer has temperature alone."),
            new("root", "text", "/sys", "Where sysfs is mounted."),
        ],
        Interval = TimeSpan.FromSeconds(5),
        Read = Read,
        Loop = setup => new PolledLoop(setup, [.. setup.Sensors.Select(sensor => new SysfsSensor(sensor, setup.Time))]).RunAsync,
    };

    static SysfsSettings Read(SettingsSection section, DriverLibraries libraries)
    {
        var device = section.Text("device", null, "Write iio/bme280, hwmon/sht3x or w1/28-0316a2795aff.");
        var slash = device.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? "" : device[(slash + 1)..];
        SysfsKind? kind = slash < 0 ? null : device[..slash] switch { "iio" => SysfsKind.Iio, "hwmon" => SysfsKind.Hwmon, "w1" => SysfsKind.W1, _ => null };
        var isName = name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') && (kind != SysfsKind.W1 || name.StartsWith(OneWirePrefix, StringComparison.Ordinal));
        if (device.Length > 0 && (kind is null || !isName))
            section.Error("device", device, "this names no device of the kernel.", "Write iio/bme280, hwmon/sht3x or w1/28-0316a2795aff.");
        var channels = new List<SysfsChannel>();
        var known = SysfsChannel.All.Where(channel => kind switch { SysfsKind.W1 => channel == SysfsChannel.All[0], SysfsKind.Hwmon => channel.Hwmon.Length > 0, _ => true }).ToList();
        var wanted = section.Texts("quantities", SysfsChannel.All.Count);
        foreach (var quantity in wanted.Count == 0 ? ["temperature"] : wanted)
            if (known.Find(channel => channel.Stream.Quantity == quantity) is { } channel && !channels.Contains(channel))
                channels.Add(channel);
            else
                section.Error("quantities", quantity, "the kernel shows no such quantity here, or it stands twice.", $"Write some of {string.Join(", ", known.Select(item => item.Stream.Quantity))}.");
        return new SysfsSettings(section.Text("root", "/sys"), kind ?? SysfsKind.Iio, name, channels);
    }
}
