using System.Diagnostics.Metrics;

namespace EdgeHub.CloudBridge.Publish;

/// <summary>What the publisher counts.</summary>
static class PublishMetrics
{
    static readonly Meter Meter = new("EdgeHub.Publish");

    public static readonly Counter<long> Messages = Meter.CreateCounter<long>("messages", "{message}", "City messages the broker took.");
    public static readonly Counter<long> Failures = Meter.CreateCounter<long>("failures", "{message}", "City messages the broker did not take; they stay in the outbox.");
    public static readonly Counter<long> Conflated = Meter.CreateCounter<long>("conflated", "{reading}", "Live readings that a newer one of the same topic overtook before they were published.");
}
