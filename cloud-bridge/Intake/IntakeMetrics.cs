using System.Diagnostics.Metrics;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>What the receiver counts; names and units are documented for operators.</summary>
static class IntakeMetrics
{
    static readonly Meter Meter = new("EdgeHub.Intake");

    public static readonly Counter<long> Envelopes = Meter.CreateCounter<long>("envelopes", "{envelope}", "Envelopes that passed the checks.");
    public static readonly Counter<long> Dropped = Meter.CreateCounter<long>("dropped_messages", "{message}", "Messages that found the queue full; the box sends them again.");
    public static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>("dead_letters", "{message}", "Payloads that are none of ours, kept raw.");
    public static readonly Counter<long> Acks = Meter.CreateCounter<long>("acks", "{ack}", "Acks handed to the broker.");
    public static readonly Counter<long> AcksUnsent = Meter.CreateCounter<long>("acks_unsent", "{ack}", "Acks the broker did not take; the box sends again and is answered from the ledger.");
    public static readonly Counter<long> MissingRanges = Meter.CreateCounter<long>("missing_records", "{record}", "Records a box calls acked and the store does not have.");
    public static readonly Counter<long> Twins = Meter.CreateCounter<long>("twin_gateways", "{event}", "Two live boxes found under one gateway id.");
    public static readonly Counter<long> RestoredImages = Meter.CreateCounter<long>("restored_images", "{event}", "Boxes whose medium went back in time.");
    public static readonly Counter<long> CommitFailures = Meter.CreateCounter<long>("commit_failures", "{commit}", "Commits that failed because the database was away; they are tried again.");
}
