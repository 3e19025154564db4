using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The slave that a sensor is.</summary>
/// <param name="Address">1-247; over TCP also 255, the instrument itself.</param>
/// <param name="Profile">What its registers mean; null only where the configuration has errors.</param>
/// <param name="Fingerprint">Who must answer; empty when anyone may.</param>
sealed record ModbusSettings(int Address, ModbusProfile? Profile, string Fingerprint) : BusSettings(Profile?.Streams ?? [], Profile?.Model ?? "")
{
    public override string? Place => $"address {Address}";

    public override IBusDevice Device(SensorState sensor, LineSetup setup)
    {
        var options = setup.Options.Modbus;
        var pace = sensor.Options.Port is ModbusTcpPortUri ? new BusPace(TimeSpan.Zero, options.ReplyTimeout, TimeSpan.Zero) : BusPace.For(sensor.Options.Port, options.Turnaround, options.ReplyTimeout);
        return new ModbusDevice(sensor, this, pace);
    }
}
