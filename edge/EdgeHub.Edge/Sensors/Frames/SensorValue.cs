using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>One value in a frame.</summary>
/// <param name="Stream">Position among the sensor's streams.</param>
/// <param name="Value">In the stream's unit; NaN where the quality has no value.</param>
public readonly record struct SensorValue(int Stream, double Value, Quality Quality = Quality.Good)
{
    public static SensorValue NoData(int stream) => new(stream, double.NaN, Quality.BadNoData);
}
