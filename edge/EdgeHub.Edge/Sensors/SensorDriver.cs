namespace EdgeHub.Edge.Sensors;

/// <summary>The drivers there are.</summary>
public enum SensorDriver
{
    /// <summary>Plantower PMS5003, PMS7003, A003: particulate matter, streaming.</summary>
    Pms5003,

    /// <summary>Any Modbus RTU slave that a profile describes, polled.</summary>
    Modbus,

    /// <summary>A contact: door, smoke relay, flood switch.</summary>
    GpioInput,

    /// <summary>Pulses: rain gauge, water meter.</summary>
    GpioCounter,
}

public static class SensorDriverExtensions
{
    /// <summary>The words of the configuration, by driver.</summary>
    public static IReadOnlyList<string> Words { get; } = ["pms5003", "modbus", "gpio-input", "gpio-counter"];

    public static string Word(this SensorDriver driver) => Words[(int)driver];
}
