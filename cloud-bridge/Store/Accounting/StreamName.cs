namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>A stream of one gateway, whatever its description was at the time.</summary>
public readonly record struct StreamName(string Sensor, string Quantity)
{
    public override string ToString() => $"{Sensor}/{Quantity}";
}
