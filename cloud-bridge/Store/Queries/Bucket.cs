namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>What the readings of one length of time were.</summary>
/// <param name="Time">Its beginning.</param>
/// <param name="Last">The newest value in it.</param>
public sealed record Bucket(string Time, double? Min, double? Mean, double? Max, long? Count, double? Last);
