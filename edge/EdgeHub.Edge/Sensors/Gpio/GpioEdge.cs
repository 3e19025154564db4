namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>One edge as the kernel reported it.</summary>
readonly record struct GpioEdge(bool Level, TimeSpan At);
