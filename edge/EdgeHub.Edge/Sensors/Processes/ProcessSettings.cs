namespace EdgeHub.Edge.Sensors.Processes;

/// <param name="Command">The program and its arguments; no shell looks at them.</param>
/// <param name="LineMax">Bytes of the longest line.</param>
/// <param name="BytesPerSecondMax">What it may print; more makes it wait.</param>
/// <param name="MemoryMax">Address space in bytes; 0 for no limit.</param>
/// <param name="SilenceAfter">Without a line for so long it is silent.</param>
sealed record ProcessSettings(IReadOnlyList<SensorQuantity> Streams, IReadOnlyList<string> Command, int LineMax, int BytesPerSecondMax, long MemoryMax, TimeSpan SilenceAfter)
    : DriverSettings(Streams, System.IO.Path.GetFileName(Command.Count > 0 ? Command[0] : ""));
