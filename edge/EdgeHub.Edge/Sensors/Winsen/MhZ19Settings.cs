namespace EdgeHub.Edge.Sensors.Winsen;

sealed record MhZ19Settings(IReadOnlyList<SensorQuantity> Streams, bool SelfCalibration) : DriverSettings(Streams, "Winsen MH-Z19");
