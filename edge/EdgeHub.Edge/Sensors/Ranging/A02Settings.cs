namespace EdgeHub.Edge.Sensors.Ranging;

/// <param name="MountHeight">In mm; null where the distance itself is wanted.</param>
sealed record A02Settings(IReadOnlyList<SensorQuantity> Streams, double? MountHeight) : DriverSettings(Streams, "DFRobot A02YYUW");
