namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The slave that a sensor is.</summary>
/// <param name="Address">1-247.</param>
/// <param name="Profile">What its registers mean; null only where the configuration has errors.</param>
sealed record ModbusSettings(int Address, ModbusProfile? Profile) : DriverSettings(Profile?.Streams ?? [], Profile?.Model ?? "")
{
    public override string? Place => $"address {Address}";
}
