using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Streams;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Sensors;

/// <summary>One configured instrument, checked.</summary>
public sealed record SensorOptions
{
    /// <summary><c>[a-z0-9-]{1,64}</c>, unique on the box.</summary>
    public required string Id { get; init; }

    public required Driver Driver { get; init; }

    public required PortUri Port { get; init; }

    /// <summary>
    /// How often a value is due; the default is the driver's: mostly 1 s, of a contact or a counter 60 s (a contact is reported at
    /// once when it changes as well). A streaming sensor keeps its own pace and every frame is read: here it only says how many values a silence cost.
    /// </summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>What the readings share a fate with. Default normal.</summary>
    public SpoolClass SpoolClass { get; init; } = SpoolClass.Normal;

    /// <summary>Grade of the data (GB/T 43697); may be empty.</summary>
    public string Classification { get; init; } = "";

    /// <summary>Where the sensor stands, when that is not the box's site.</summary>
    public string Site { get; init; } = "";

    /// <summary>Where it stands on the earth, when that is not the box's position.</summary>
    public Position? Position { get; init; }

    /// <summary>Make and model for the reader of a chart; by default what the driver or profile says.</summary>
    public string Model { get; init; } = "";

    /// <summary>What its driver read.</summary>
    public required DriverSettings Settings { get; init; }

    /// <summary>Calibration, range and reporting, one rule a stream.</summary>
    public required IReadOnlyList<StreamRule> Rules { get; init; }

    /// <summary>What the sensor yields, in the order of its streams in the catalog.</summary>
    public IReadOnlyList<SensorQuantity> Streams => Settings.Streams;
}
