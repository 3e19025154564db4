namespace EdgeHub.DeviceSims.Doubles;

/// <summary>How a device's line is set when it leaves the factory.</summary>
/// <param name="Parity"><c>none</c>, <c>even</c> or <c>odd</c>. A pseudo terminal has none: this is told, not played.</param>
public readonly record struct Wiring(int Baud, string Parity = "none");
