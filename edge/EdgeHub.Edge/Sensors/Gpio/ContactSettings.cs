namespace EdgeHub.Edge.Sensors.Gpio;

/// <param name="Counterpart">Line of the other side of a changeover contact on the same chip; null where there is none.</param>
/// <param name="HoldOff">How long it must be quiet before it is 0 again.</param>
sealed record ContactSettings(IReadOnlyList<SensorQuantity> Streams, int? Counterpart, TimeSpan HoldOff) : DriverSettings(Streams);
