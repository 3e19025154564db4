namespace EdgeHub.Edge.Sensors.Gpio;

/// <param name="Safe">The state in which it harms nobody.</param>
/// <param name="LongestOn">After so long it goes back to its safe state by itself; zero for never.</param>
sealed record OutputSettings(IReadOnlyList<SensorQuantity> Streams, bool Safe, TimeSpan LongestOn) : DriverSettings(Streams);
