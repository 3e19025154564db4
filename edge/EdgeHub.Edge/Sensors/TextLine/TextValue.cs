namespace EdgeHub.Edge.Sensors.TextLine;

/// <summary>Where one value stands in a line.</summary>
/// <param name="Column">Counted from 1; 0 where <paramref name="Path"/> is used.</param>
/// <param name="Path">JSON pointer (RFC 6901), such as <c>/air/no2</c>; empty where a column is used.</param>
public sealed record TextValue(SensorQuantity Stream, int Column, string Path);
