namespace EdgeHub.Edge.Finding;

/// <summary>What the kernel has found already: thermometers on 1-Wire, gpiochips. Nothing is sent.</summary>
public static class KernelScan
{
    const string Thermometer = "28-";

    /// <param name="root">Where sysfs is mounted.</param>
    public static IReadOnlyList<Found> OneWire(string root)
    {
        var directory = Path.Combine(root, "bus/w1/devices");
        if (!Directory.Exists(directory))
            return [];
        return
        [
            .. Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).Where(name => name!.Contains('-', StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name => name!.StartsWith(Thermometer, StringComparison.Ordinal)
                ? new Found($"w1/{name}", "DS18B20 thermometer", "the kernel lists it on its 1-Wire bus", new SensorEntry($"temperature-{name[^4..]}", "sysfs", Device: $"w1/{name}", Root: root == "/sys" ? null : root))
                : new Found($"w1/{name}", $"1-Wire part of family {name[..name.IndexOf('-', StringComparison.Ordinal)]}", "the kernel lists it; there is no driver for it here")),
        ];
    }

    /// <param name="devices">Where the devices lie.</param>
    public static IReadOnlyList<Found> GpioChips(string devices) =>
    [
        .. Directory.EnumerateFileSystemEntries(devices, "gpiochip*").Order(StringComparer.Ordinal)
            .Select(path => new Found($"gpio:{Path.GetFileName(path)["gpiochip".Length..]}", "a gpiochip", $"{path} is there; what is wired to its lines cannot be seen: configure gpio-input, gpio-counter or gpio-output by the line's number")),
    ];
}
