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
    readonly Counter<long> switches;
    readonly Histogram<double> latency;
    readonly Lock gate = new();
    double recordsPerSecond;
    long ratedAt;

    public UplinkMetrics(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.time = time;
        ratedAt = time.GetTimestamp();
        Resends = new ResendShare(time);
        sent = meter.CreateCounter<long>("envelopes_sent", "{envelope}", "Envelopes sent, repeats included, by lane.");
        resent = meter.CreateCounter<long>("envelopes_resent", "{envelope}", "Envelopes that went again after a failure.");
        acks = meter.CreateCounter<long>("acks", "{ack}", "Acks that arrived, by outcome.");
        refused = meter.CreateCounter<long>("puback_failures", "{envelope}", "Envelopes the broker refused, by reason code.");
        switches = meter.CreateCounter<long>("switches", "{switch}", "Changes of the uplink that carries the records, by reason.");
        latency = meter.CreateHistogram<double>("ack_latency_seconds", "s", "From an envelope's sending to its ack, by lane.");
        meter.CreateObservableGauge("resend_share", () => Resends.Value, "1", "Of the envelopes of about the last hour the share that went again.");
        meter.CreateObservableGauge("inflight_envelopes", () => InFlight, "{envelope}", "Envelopes sent and not acked.");
        meter.CreateObservableGauge("connected", () => Connected ? 1 : 0, "1", "1 while the broker is connected.");
        meter.CreateObservableGauge("waiting_records", () => (long)Waiting, "{record}", "Records recorded and not acked.");
        meter.CreateObservableGauge("backlog_records", () => (long)Backlog, "{record}", "Of the waiting records the old ones: recorded before this connection, or sent in vain.");
        meter.CreateObservableGauge("waiting_eta_seconds", () => Eta?.TotalSeconds ?? -1, "s", "Until the backlog is gone at the present rate; -1 while nothing of it is acked.");
    }

    /// <summary>Measures each way to the city by its name.</summary>
    public void Watch(Uplinks uplinks)
    {
        ArgumentNullException.ThrowIfNull(uplinks);
        meter.CreateObservableGauge("active", () => uplinks.Ways.Select(way => Of(way, way == uplinks.Active ? 1L : 0)), "1", "1 for the uplink that carries the records.");
        meter.CreateObservableGauge("data_used_bytes", () => uplinks.Ways.Where(way => way is { Budget: not null }).Select(way => Of(way, way.Budget!.Used)), "By", "Bytes of this day or month against the uplink's budget.");
        meter.CreateObservableGauge("data_budget_bytes", () => uplinks.Ways.Where(way => way is { Budget: not null }).Select(way => Of(way, way.Budget!.Allowance.Bytes)), "By", "The uplink's budget for a day or month.");
    }

    /// <summary>What a bad line costs: a share of more than a hundredth is worth a look.</summary>
    public ResendShare Resends { get; }

    public bool Connected { get; set; }

    public int InFlight { get; set; }

    public ulong Waiting { get; set; }

    public ulong Backlog { get; set; }

    /// <summary>Until the backlog is gone at the rate of the last half minute; null when nothing of it moves.</summary>
    public TimeSpan? Eta
    {
        get
        {
            var rate = Rate(0);
            return Backlog == 0 ? TimeSpan.Zero : rate < 1e-3 ? null : TimeSpan.FromSeconds(Math.Min(Backlog / rate, TimeSpan.MaxValue.TotalSeconds / 2));
        }
    }

    public void Sent(Lane lane, int attempt)
    {
        sent.Add(1, Tag(lane));
        Resends.Sent(attempt > 1);
        if (attempt > 1)
            resent.Add(1);
    }

    public void AckArrived(string outcome) => acks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Refused(int reasonCode) => refused.Add(1, new KeyValuePair<string, object?>("code", reasonCode));

    public void Delivered(Lane lane, ulong records, TimeSpan after)
    {
        latency.Record(after.TotalSeconds, Tag(lane));
        if (lane == Lane.Backlog)
            Rate(records);
    }

    /// <summary>Another way carries the records now.</summary>
    public void Switched(SwitchReason reason) => switches.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void Dispose() => meter.Dispose();

    static KeyValuePair<string, object?> Tag(Lane lane) => new("lane", lane switch { Lane.Urgent => "urgent", Lane.Live => "live", _ => "backlog" });

    static Measurement<long> Of(MqttUplink way, long value) => new(value, new KeyValuePair<string, object?>("uplink", way.Name), new KeyValuePair<string, object?>("broker", way.Broker));

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
