namespace EdgeHub.Hosting.Status;

/// <summary>The newest reading of one stream; value and age are null before the first one.</summary>
public sealed record StreamReport(string Quantity, double? Value, string Unit, string Quality, long? AgeMs);
