using System.Diagnostics.Metrics;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>The meter <c>EdgeHub.Uplink</c>.</summary>
public sealed class UplinkMetrics : IDisposable
{
    public const string MeterName = "EdgeHub.Uplink";

    static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(30);

    readonly Meter meter = new(MeterName);
    readonly TimeProvider time;
    readonly Counter<long> sent;
    readonly Counter<long> resent;
    readonly Counter<long> acks;
    readonly Counter<long> refused;
    readonly Histogram<double> latency;
    readonly Lock gate = new();
    double recordsPerSecond;
    long ratedAt;

    public UplinkMetrics(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.time = time;
        ratedAt = time.GetTimestamp();
        sent = meter.CreateCounter<long>("envelopes_sent", "{envelope}", "Envelopes sent, repeats included, by lane.");
        resent = meter.CreateCounter<long>("envelopes_resent", "{envelope}", "Envelopes that went again after a failure.");
        acks = meter.CreateCounter<long>("acks", "{ack}", "Acks that arrived, by outcome.");
        refused = meter.CreateCounter<long>("puback_failures", "{envelope}", "Envelopes the broker refused, by reason code.");
        latency = meter.CreateHistogram<double>("ack_latency_seconds", "s", "From an envelope's sending to its ack.");
        meter.CreateObservableGauge("inflight_envelopes", () => InFlight, "{envelope}", "Envelopes sent and not acked.");
        meter.CreateObservableGauge("connected", () => Connected ? 1 : 0, "1", "1 while the broker is connected.");
        meter.CreateObservableGauge("waiting_records", () => (long)Waiting, "{record}", "Records recorded and not acked.");
        meter.CreateObservableGauge("waiting_eta_seconds", () => Eta?.TotalSeconds ?? -1, "s", "Until nothing waits at the present rate; -1 while nothing is acked.");
    }

    public bool Connected { get; set; }

    public int InFlight { get; set; }

    public ulong Waiting { get; set; }

    /// <summary>Until nothing waits at the rate of the last half minute; null when nothing moves.</summary>
    public TimeSpan? Eta
    {
        get
        {
            var rate = Rate(0);
            return Waiting == 0 ? TimeSpan.Zero : rate < 1e-3 ? null : TimeSpan.FromSeconds(Math.Min(Waiting / rate, TimeSpan.MaxValue.TotalSeconds / 2));
        }
    }

    public void Sent(Lane lane, int attempt)
    {
        sent.Add(1, new KeyValuePair<string, object?>("lane", lane switch { Lane.Urgent => "urgent", Lane.Live => "live", _ => "backlog" }));
        if (attempt > 1)
            resent.Add(1);
    }

    public void AckArrived(string outcome) => acks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Refused(int reasonCode) => refused.Add(1, new KeyValuePair<string, object?>("code", reasonCode));

    public void Delivered(ulong records, TimeSpan after)
    {
        latency.Record(after.TotalSeconds);
        Rate(records);
    }

    public void Dispose() => meter.Dispose();

    // A decaying mean: each record counts for RateWindow, ever less.
    double Rate(ulong records)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var passed = time.GetElapsedTime(ratedAt, now);
            ratedAt = now;
            return recordsPerSecond = (recordsPerSecond * Math.Exp(-(passed / RateWindow))) + (records / RateWindow.TotalSeconds);
        }
    }
}
