namespace EdgeHub.Hosting.Status;

/// <summary>One uplink: its connection, whether it carries the records, and what it has cost of its budget.</summary>
/// <param name="UsedBytes">Bytes of this day or month, estimated; null without a budget.</param>
/// <param name="Budget">Such as <c>50 MiB a day</c>; null without one.</param>
public sealed record WayReport(string Name, string Broker, string State, string Sentence, bool IsActive, long? UsedBytes, string? Budget);
