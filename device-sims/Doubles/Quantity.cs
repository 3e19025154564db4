namespace EdgeHub.DeviceSims.Doubles;

/// <summary>What a double measures: a name that is unique in the device, and a UCUM-like unit (RFC 8428 where it has one).</summary>
public sealed record Quantity(string Name, string Unit);
