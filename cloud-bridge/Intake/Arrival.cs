namespace EdgeHub.CloudBridge.Intake;

/// <summary>One message as it came, and how to tell its broker that it is dealt with.</summary>
/// <param name="Acknowledge">Null where the broker has acknowledged already.</param>
public sealed record Arrival(string Topic, ReadOnlyMemory<byte> Payload, Func<CancellationToken, Task>? Acknowledge);
