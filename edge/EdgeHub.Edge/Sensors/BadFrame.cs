namespace EdgeHub.Edge.Sensors;

/// <summary>Bytes that came over a port and were no reading, for the technician.</summary>
/// <param name="BootTimeMs">When they came in.</param>
/// <param name="Reason">What is wrong with them.</param>
/// <param name="Hex">The bytes as hexadecimal digits, at most <see cref="PortState.BadFrameBytesMax"/> of them.</param>
public sealed record BadFrame(long BootTimeMs, string Reason, string Hex);
