using System.Globalization;
using EdgeHub.Edge.Sensors.Streams;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Sensors;

/// <summary>The catalog of a configuration: all streams, in the order of the sensors. <see cref="Wire.Reading.Stream"/> is the position in it.</summary>
public static class SensorCatalog
{
    public static Catalog Build(IReadOnlyList<SensorOptions> sensors, string site, string area, Position? position = null, string owner = "", string grid = "")
    {
        ArgumentNullException.ThrowIfNull(sensors);
        var catalog = new Catalog { Site = site, Area = area, Position = position, Owner = owner, Grid = grid };
        foreach (var sensor in sensors)
            foreach (var (stream, rule) in sensor.Streams.Zip(sensor.Rules))
                catalog.Streams.Add(Of(sensor, stream, rule));
        return catalog;
    }

    static Wire.Proto.Stream Of(SensorOptions sensor, SensorQuantity quantity, StreamRule rule)
    {
        var stream = new Wire.Proto.Stream
        {
            Sensor = sensor.Id,
            Quantity = quantity.Quantity,
            Unit = quantity.Unit,
            SpoolClass = sensor.SpoolClass,
            Classification = sensor.Classification,
            Site = sensor.Site,
            Model = sensor.Model,
            Calibration = rule.IsCalibrated ? Of(rule) : null,
            Position = sensor.Position,
            Sampling = new Sampling { IntervalMs = (ulong)sensor.Interval.TotalMilliseconds, OnChange = sensor.Driver.TellsChanges },
        };
        if (rule.Accuracy is { } accuracy)
            stream.Accuracy = accuracy;
        if (rule.Deadband is { } deadband)
            (stream.Sampling.Deadband, stream.Sampling.HeartbeatMs) = (deadband, (ulong)rule.Heartbeat.TotalMilliseconds);
        return stream;
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
