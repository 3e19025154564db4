using EdgeHub.Edge.Sensors.Gpio;
using EdgeHub.Edge.Sensors.I2c;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors;

/// <summary>The ways to the hardware, one a kind of port.</summary>
public sealed record LineOpeners(OpenLine Line, OpenGpio Gpio, OpenI2c I2c, OpenTotal Total)
{
    /// <summary>The box's own ports.</summary>
    /// <param name="totals">The directory for what counters have counted.</param>
    public static LineOpeners Box(TimeProvider time, string totals) => new(new LineOpener(time).OpenAsync, GpioChip.Open, I2cBus.Open, PosixTotalFile.In(totals));
}
