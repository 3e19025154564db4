using System.Diagnostics.Metrics;

namespace EdgeHub.CloudBridge.Store;

/// <summary>What the store counts, all of it after the commit.</summary>
static class StoreMetrics
{
    static readonly Meter Meter = new("EdgeHub.Store");

    public static readonly Counter<long> Readings = Meter.CreateCounter<long>("readings", "{reading}", "Rows committed.");
    public static readonly Counter<long> SetAside = Meter.CreateCounter<long>("set_aside_records", "{record}", "Records kept raw because they could not become rows.");
    public static readonly Counter<long> Duplicates = Meter.CreateCounter<long>("duplicates", "{record}", "Records that were there already; acked again.");
    public static readonly Counter<long> Equivocations = Meter.CreateCounter<long>("equivocations", "{record}", "Records that came again with other bytes: an alarm.");
    public static readonly Counter<long> TwoActive = Meter.CreateCounter<long>("two_active", "{event}", "Two boxes found that ask on one bus at the same time: an alarm.");
    public static readonly Counter<long> ClockAhead = Meter.CreateCounter<long>("clock_ahead", "{event}", "Spools found whose readings lie more than five minutes in the future.");
    public static readonly Counter<long> Compacted = Meter.CreateCounter<long>("compacted_readings", "{reading}", "Rows of older days that were packed into arrays.");
    public static readonly Counter<long> Removed = Meter.CreateCounter<long>("removed_readings", "{reading}", "Readings that were older than they are to be kept.");
    public static readonly Histogram<double> CommitSeconds = Meter.CreateHistogram<double>("commit_seconds", "s", "Time of one batch from begin to commit.");

    /// <summary>The last told <see cref="StoreFault"/>; one receiver a process.</summary>
    public static int Condition { get; set; }

    /// <summary>As of the last audit.</summary>
    public static (long Differing, long Open) Cuts { get; set; }

    public static readonly ObservableGauge<long> DifferencesGauge = Meter.CreateObservableGauge("books_differences", () => Cuts.Differing, "{cut}", "Cuts at which what a box recorded and what became of it differ: an alarm.");
    public static readonly ObservableGauge<long> OpenGauge = Meter.CreateObservableGauge("books_open", () => Cuts.Open, "{cut}", "Cuts before which records are still on their way.");

    public static readonly ObservableGauge<int> ConditionGauge = Meter.CreateObservableGauge("condition", () => Condition, null, "0 ok, 1 away, 2 disk full, 3 permission denied, 4 schema gone, 5 read-only, 6 damaged.");
}
