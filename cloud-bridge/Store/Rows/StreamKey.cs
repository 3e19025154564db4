namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>A stream's row and the city topic it is published on, without the prefix.</summary>
/// <param name="IsFirstOfSensor">Stands for all of its sensor where one is enough.</param>
public readonly record struct StreamKey(int Key, string Topic, bool IsFirstOfSensor);
