using EdgeHub.Edge.Sensors.Buses;

namespace EdgeHub.Edge.Sensors.Cjt188;

/// <summary>The meter that a sensor is.</summary>
/// <param name="Address">Seven bytes, low first.</param>
/// <param name="LowFirst">Whether the identifier goes out low byte first.</param>
sealed record Cjt188Settings(ReadOnlyMemory<byte> Address, string AddressText, Cjt188Kind Kind, bool LowFirst) : BusSettings(Kind.Streams, "CJ/T 188 meter")
{
    static readonly TimeSpan ReplyTimeout = TimeSpan.FromMilliseconds(700);
    static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(20);

    public override string? Place => $"meter {AddressText}";

    public override IBusDevice Device(SensorState sensor, LineSetup setup) => new Cjt188Device(sensor, this, BusPace.For(sensor.Options.Port, Gap, ReplyTimeout));
}
