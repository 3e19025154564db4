using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>A value that an answer brought.</summary>
/// <param name="Stream">Which of the sensor's streams.</param>
public readonly record struct BusValue(int Stream, double Value, Quality Quality);
