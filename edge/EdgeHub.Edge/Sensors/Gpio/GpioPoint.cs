namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>One sensor on a chip, between edges and readings: pure but for handing readings in.</summary>
abstract class GpioPoint(SensorState sensor, SensorDesk desk)
{
    public SensorState Sensor => sensor;

    protected SensorDesk Desk => desk;

    /// <summary>When <see cref="Advance"/> has something to do next.</summary>
    public abstract TimeSpan Next { get; }

    /// <summary>A line has changed.</summary>
    /// <param name="which">0 for the line of the port, 1 for its counterpart.</param>
    public virtual void Edge(int which, bool high, TimeSpan at)
    {
    }

    /// <summary>A line was looked at: where it differs from the last edge, that edge was lost.</summary>
    public virtual void Level(int which, bool high, TimeSpan at)
    {
    }

    /// <summary>Settles and reports what is due at <paramref name="now"/>.</summary>
    public abstract void Advance(TimeSpan now);
}
