namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>A stream's name for good, whatever becomes of its unit or site: <c>lane-7.pms1.pm2_5</c>. None of the three has a dot.</summary>
public readonly record struct StreamId(string Gateway, string Sensor, string Quantity)
{
    public override string ToString() => $"{Gateway}.{Sensor}.{Quantity}";

    public static StreamId? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('.') is [{ Length: > 0 } gateway, { Length: > 0 } sensor, { Length: > 0 } quantity] ? new StreamId(gateway, sensor, quantity) : null;
    }
}
