namespace EdgeHub.Edge.Sensors.Plantower;

/// <summary>One checked frame.</summary>
/// <param name="Values">In the order of <see cref="Pms5003Streams.All"/>.</param>
/// <param name="Version">Firmware, the high byte of word 13.</param>
/// <param name="ErrorCode">The sensor's own fault report, the low byte of word 13; 0 is none.</param>
public sealed record Pms5003Frame(IReadOnlyList<int> Values, byte Version, byte ErrorCode);
