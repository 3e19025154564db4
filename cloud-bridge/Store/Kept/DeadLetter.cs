namespace EdgeHub.CloudBridge.Store.Kept;

/// <summary>A payload that is none of ours, kept as it came.</summary>
public sealed record DeadLetter(string Topic, string Reason, ReadOnlyMemory<byte> Payload);
