using System.Globalization;
using EdgeHub.Edge.Sensors.Streams;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Sensors;

/// <summary>The catalog of a configuration: all streams, in the order of the sensors. <see cref="Wire.Reading.Stream"/> is the position in it.</summary>
public static class SensorCatalog
{
    public static Catalog Build(IReadOnlyList<SensorOptions> sensors, string site, string area)
    {
        ArgumentNullException.ThrowIfNull(sensors);
        var catalog = new Catalog { Site = site, Area = area };
        foreach (var sensor in sensors)
            foreach (var (stream, rule) in sensor.Streams.Zip(sensor.Rules))
                catalog.Streams.Add(new Wire.Proto.Stream
                {
                    Sensor = sensor.Id,
                    Quantity = stream.Quantity,
                    Unit = stream.Unit,
                    SpoolClass = sensor.SpoolClass,
                    Classification = sensor.Classification,
                    Site = sensor.Site,
                    Model = sensor.Model,
                    Calibration = rule.IsCalibrated ? Of(rule) : null,
                });
        return catalog;
    }

    static Calibration Of(StreamRule rule)
    {
        var calibration = new Calibration { Scale = rule.Scale.ToString(CultureInfo.InvariantCulture), Offset = rule.Offset.ToString(CultureInfo.InvariantCulture) };
        if (rule.ValidFrom is { } from)
            calibration.ValidFromUnixMs = from.ToUnixTimeMilliseconds();
        return calibration;
    }

    /// <summary>The same sensors as live states, each knowing the position of its first stream.</summary>
    public static IReadOnlyList<SensorState> States(IReadOnlyList<SensorOptions> sensors)
    {
        ArgumentNullException.ThrowIfNull(sensors);
        var states = new List<SensorState>(sensors.Count);
        var next = 0;
        foreach (var sensor in sensors)
        {
            states.Add(new SensorState(sensor, next));
            next += sensor.Streams.Count;
        }

        return states;
    }
}
