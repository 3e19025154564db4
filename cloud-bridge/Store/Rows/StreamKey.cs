namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>A stream's row and the city topic it is published on, without the prefix.</summary>
public readonly record struct StreamKey(int Key, string Topic);
