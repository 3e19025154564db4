using EdgeHub.Edge.Sensors.Gpio;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Edge.Sensors.Plantower;

namespace EdgeHub.Edge.Sensors;

/// <summary>Every driver there is.</summary>
public static class DriverCatalog
{
    public static IReadOnlyList<Driver> All { get; } =
    [
        Pms5003Driver.Driver,
        ModbusDriver.Driver,
        ContactDriver.Driver,
        CounterDriver.Driver,
    ];

    /// <summary>The driver of that word, or null.</summary>
    public static Driver? Find(string word) => All.FirstOrDefault(driver => driver.Word == word);
}
