using EdgeHub.Edge.Sensors.Gpio;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Edge.Sensors.Nmea;
using EdgeHub.Edge.Sensors.Nova;
using EdgeHub.Edge.Sensors.Plantower;
using EdgeHub.Edge.Sensors.Ranging;
using EdgeHub.Edge.Sensors.TextLine;
using EdgeHub.Edge.Sensors.Winsen;

namespace EdgeHub.Edge.Sensors;

/// <summary>Every driver there is.</summary>
public static class DriverCatalog
{
    public static IReadOnlyList<Driver> All { get; } =
    [
        PlantowerDriver.Pms5003,
        PlantowerDriver.Pms3003,
        PlantowerDriver.Pms5003St,
        Sds011Driver.Driver,
        MhZ19Driver.Driver,
        ZeDriver.Ze07Co,
        ZeDriver.Ze08Ch2O,
        A02Driver.Driver,
        NmeaDriver.Driver,
        TextLineDriver.Driver,
        ModbusDriver.Driver,
        ContactDriver.Driver,
        CounterDriver.Driver,
    ];

    /// <summary>The driver of that word, or null.</summary>
    public static Driver? Find(string word) => All.FirstOrDefault(driver => driver.Word == word);
}
