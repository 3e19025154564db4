using EdgeHub.Edge.Sensors.Bosch;
using EdgeHub.Edge.Sensors.Cjt188;
using EdgeHub.Edge.Sensors.Dlt645;
using EdgeHub.Edge.Sensors.Gpio;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Edge.Sensors.Nmea;
using EdgeHub.Edge.Sensors.Nova;
using EdgeHub.Edge.Sensors.Plantower;
using EdgeHub.Edge.Sensors.Processes;
using EdgeHub.Edge.Sensors.Ranging;
using EdgeHub.Edge.Sensors.Rohm;
using EdgeHub.Edge.Sensors.Sensirion;
using EdgeHub.Edge.Sensors.Sysfs;
using EdgeHub.Edge.Sensors.Texas;
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
        Dlt645Driver.Driver,
        Cjt188Driver.Driver,
        Bme280Part.Driver,
        ShtPart.Sht3x,
        ShtPart.Sht4x,
        Scd4xPart.Driver,
        Ads1115Driver.Driver,
        Bh1750Part.Driver,
        SysfsDriver.Driver,
        ContactDriver.Driver,
        CounterDriver.Driver,
        OutputDriver.Driver,
        ProcessDriver.Driver,
    ];

    /// <summary>The driver of that word, or null.</summary>
    public static Driver? Find(string word) => All.FirstOrDefault(driver => driver.Word == word);
}
