namespace EdgeHub.Edge.Sensors;

/// <summary>One quantity that a driver yields.</summary>
/// <param name="Quantity"><c>[a-z0-9_]{1,64}</c>.</param>
/// <param name="Unit">UCUM.</param>
public sealed record SensorQuantity(string Quantity, string Unit);
