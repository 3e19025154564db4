namespace EdgeHub.CloudBridge.Store.Outgoing;

/// <summary>A broker's retained message; an empty payload takes the topic away.</summary>
public sealed record RetainedMessage(string Topic, ReadOnlyMemory<byte> Payload, int QualityOfService);
