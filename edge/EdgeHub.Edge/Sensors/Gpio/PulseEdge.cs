namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>Which settled edge counts as a pulse.</summary>
public enum PulseEdge
{
    Rising,
    Falling,
    Both,
}
