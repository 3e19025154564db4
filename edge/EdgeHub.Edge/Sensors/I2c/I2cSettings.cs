namespace EdgeHub.Edge.Sensors.I2c;

/// <param name="Part">Makes the part's own code, which keeps what it has read from it.</param>
sealed record I2cSettings(IReadOnlyList<SensorQuantity> Streams, string Model, Func<I2cPart> Part) : DriverSettings(Streams, Model);
