using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>An arrival, understood: records, a status, or a dead letter; exactly one of the three.</summary>
/// <param name="Bytes">What it weighs in the queue and in a batch.</param>
public sealed record Delivery(Arrival Arrival, IReadOnlyList<DeliveredRecord> Records, GatewayStatus? Status, DeadLetter? DeadLetter, int Bytes)
{
    public bool IsUrgent => Records.Count > 0 && Records[0].Lane == Wire.Proto.Lane.Urgent;
}
