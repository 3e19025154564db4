using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Edge.Sensors.Plantower;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Sensors;

/// <summary>One configured instrument, checked.</summary>
public sealed record SensorOptions
{
    /// <summary><c>[a-z0-9-]{1,64}</c>, unique on the box.</summary>
    public required string Id { get; init; }

    public required SensorDriver Driver { get; init; }

    public required PortUri Port { get; init; }

    /// <summary>
    /// How often a value is due. Default 1 s; of a contact or a counter 60 s (a contact is reported at once when it changes as
    /// well). A streaming sensor keeps its own pace and every frame is read: here it only says how many values a silence cost.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What the readings share a fate with. Default normal.</summary>
    public SpoolClass SpoolClass { get; init; } = SpoolClass.Normal;

    /// <summary>Grade of the data (GB/T 43697); may be empty.</summary>
    public string Classification { get; init; } = "";

    /// <summary>Where the sensor stands, when that is not the box's site.</summary>
    public string Site { get; init; } = "";

    /// <summary>Make and model for the reader of a chart; by default what the driver or profile says.</summary>
    public string Model { get; init; } = "";

    /// <summary>The slave's address, 1-247. Modbus only.</summary>
    public int Address { get; init; }

    /// <summary>What the slave's registers mean. Modbus only.</summary>
    public ModbusProfile? Profile { get; init; }

    /// <summary>Name of a contact's or counter's quantity. Default <c>state</c>, <c>pulses</c>.</summary>
    public string Quantity { get; init; } = "";

    /// <summary>UCUM unit of a counter. Default 1.</summary>
    public string Unit { get; init; } = "1";

    /// <summary>What one pulse stands for, in <see cref="Unit"/>. Default 1.</summary>
    public decimal PerPulse { get; init; } = 1;

    /// <summary>What the sensor yields, in the order of its streams in the catalog.</summary>
    public IReadOnlyList<SensorQuantity> Streams => Driver switch
    {
        SensorDriver.Pms5003 => Pms5003Streams.All,
        SensorDriver.Modbus => Profile?.Streams ?? [],
        SensorDriver.GpioCounter => [new(Quantity, Unit), new(Quantity + CounterTotalSuffix, Unit)],
        _ => [new(Quantity, "1")],
    };

    /// <summary>A counter's second stream: everything since the process started.</summary>
    public const string CounterTotalSuffix = "_total";
}
