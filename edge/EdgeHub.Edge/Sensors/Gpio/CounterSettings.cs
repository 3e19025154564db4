namespace EdgeHub.Edge.Sensors.Gpio;

/// <param name="PerPulse">What one pulse stands for, in the unit of the streams.</param>
sealed record CounterSettings(IReadOnlyList<SensorQuantity> Streams, decimal PerPulse) : DriverSettings(Streams);
