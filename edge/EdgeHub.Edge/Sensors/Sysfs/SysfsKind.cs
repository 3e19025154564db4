namespace EdgeHub.Edge.Sensors.Sysfs;

/// <summary>The kernel's ways to show a sensor.</summary>
enum SysfsKind
{
    Iio,
    Hwmon,

    /// <summary>A 1-Wire thermometer.</summary>
    W1,
}
