namespace EdgeHub.Edge.Sensors;

/// <summary>One quantity that a driver yields.</summary>
/// <param name="Quantity"><c>[a-z0-9_]{1,64}</c>.</param>
/// <param name="Unit">UCUM.</param>
/// <param name="Minimum">Smallest value that the instrument can measure; below it the reading is kept and marked out of range.</param>
/// <param name="Maximum">Largest one.</param>
public sealed record SensorQuantity(string Quantity, string Unit, double Minimum = double.NegativeInfinity, double Maximum = double.PositiveInfinity);
