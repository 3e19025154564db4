using System.Device.I2c;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.I2c;

/// <summary>
/// One part as its datasheet describes it: what is written, how long it takes, what is read. It knows no bus and no clock but those
/// it is handed. An <see cref="IOException"/> of the device means that the part did not acknowledge.
/// </summary>
public abstract class I2cPart
{
    /// <summary>Time to measure, or to obey; the bus is free for others meanwhile.</summary>
    public delegate Task Wait(TimeSpan span);

    /// <summary>Looks whether this is the part and puts it into its mode: after opening, and after each failure.</summary>
    /// <exception cref="LineException">Another part answers.</exception>
    public virtual Task StartAsync(I2cDevice device, Wait wait) => Task.CompletedTask;

    /// <summary>Measures once; null where a checksum is wrong.</summary>
    public abstract Task<SensorFrame?> ReadAsync(I2cDevice device, Wait wait);
}
