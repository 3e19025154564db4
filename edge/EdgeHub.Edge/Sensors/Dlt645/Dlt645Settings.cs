using EdgeHub.Edge.Sensors.Buses;

namespace EdgeHub.Edge.Sensors.Dlt645;

/// <summary>The meter that a sensor is.</summary>
/// <param name="Address">Six bytes, low first.</param>
sealed record Dlt645Settings(ReadOnlyMemory<byte> Address, string AddressText, IReadOnlyList<Dlt645Item> Items)
    : BusSettings([.. Items.SelectMany(item => item.Fields).Select(field => new SensorQuantity(field.Quantity, field.Unit))], "DL/T 645-2007 meter")
{
    // The standard lets a meter wait up to 500 ms (5.3.3); the rest is for slow optical and carrier links.
    static readonly TimeSpan ReplyTimeout = TimeSpan.FromMilliseconds(700);
    static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(20);

    public override string? Place => $"meter {AddressText}";

    public override IBusDevice Device(SensorState sensor, LineSetup setup) => new Dlt645Device(sensor, this, BusPace.For(sensor.Options.Port, Gap, ReplyTimeout));
}
