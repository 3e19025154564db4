using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Polled;

/// <summary>A sensor that is read by a call and holds nothing open between two that its neighbours need.</summary>
abstract class PolledSensor(SensorState sensor) : IDisposable
{
    public SensorState Sensor => sensor;

    /// <summary>Reads it once.</summary>
    /// <returns>What it says; null where what came had a wrong checksum.</returns>
    /// <exception cref="LineException">It is not there, not readable, or not what was configured; the message says what to do.</exception>
    public abstract Task<SensorFrame?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Forgets all: it is begun anew at the next reading.</summary>
    public abstract void Dispose();
}
