namespace EdgeHub.DeviceSims.Faults;

/// <summary>How a fault strikes.</summary>
/// <param name="Rate">The share of frames it strikes, 0 to 1.</param>
/// <param name="Amount">
/// <c>slow</c>: seconds the reply is late, <c>hangup</c>: seconds the port is away, <c>spike</c>: units off, <c>drift</c>: units a frame;
/// null takes the fault's own.
/// </param>
/// <param name="Quantity">The one quantity a fault of values strikes; null strikes all.</param>
public sealed record FaultSetting(double Rate, double? Amount = null, string? Quantity = null)
{
    public static FaultSetting Off { get; } = new(0);
}
