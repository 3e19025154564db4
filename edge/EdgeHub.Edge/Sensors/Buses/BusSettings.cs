namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>What a driver has read of an instrument on a shared line.</summary>
abstract record BusSettings(IReadOnlyList<SensorQuantity> Streams, string Model) : DriverSettings(Streams, Model)
{
    /// <summary>The instrument as the line's loop talks to it.</summary>
    public abstract IBusDevice Device(SensorState sensor, LineSetup setup);
}
