namespace EdgeHub.Edge.Sensors.Sysfs;

/// <summary>How the kernel shows one quantity.</summary>
/// <param name="Iio">Name of the channel in IIO (linux Documentation/ABI/testing/sysfs-bus-iio).</param>
/// <param name="Hwmon">Name of the file in hwmon (linux Documentation/hwmon/sysfs-interface); empty where it has none.</param>
/// <param name="Factor">From the kernel's unit to ours.</param>
sealed record SysfsChannel(SensorQuantity Stream, string Iio, string Hwmon, double Factor)
{
    public static IReadOnlyList<SysfsChannel> All { get; } =
    [
        new(new("temperature", "Cel", -200, 1000), "in_temp", "temp1_input", 0.001),
        new(new("humidity", "%", 0, 100), "in_humidityrelative", "humidity1_input", 0.001),
        new(new("pressure", "Pa", 0, 1_000_000), "in_pressure", "", 1000),
        new(new("illuminance", "lx", 0), "in_illuminance", "", 1),
        new(new("co2", "[ppm]", 0, 1_000_000), "in_concentration_co2", "", 10_000),
    ];
}
