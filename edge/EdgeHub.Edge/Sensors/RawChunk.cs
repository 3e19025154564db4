namespace EdgeHub.Edge.Sensors;

/// <summary>Bytes as they went over a port, for the technician.</summary>
/// <param name="BootTimeMs">When.</param>
/// <param name="Sent">True where the box sent them.</param>
/// <param name="Hex">The bytes as hexadecimal digits.</param>
public sealed record RawChunk(long BootTimeMs, bool Sent, string Hex);
