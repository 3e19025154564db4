namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>The bias of an input line.</summary>
public enum GpioPull
{
    None,
    Up,
    Down,
}
