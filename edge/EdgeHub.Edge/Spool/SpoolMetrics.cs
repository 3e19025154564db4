using System.Diagnostics.Metrics;
using EdgeHub.Edge.Spool.Media;

namespace EdgeHub.Edge.Spool;

/// <summary>The instruments of the spool.</summary>
sealed class SpoolMetrics : IDisposable
{
    public const string MeterName = "EdgeHub.Spool";

    readonly Meter meter = new(MeterName);
    readonly Counter<long> commits;
    readonly Counter<long> recordedBytes;
    readonly Histogram<double> sync;

    public SpoolMetrics(Func<SpoolHealth> health)
    {
        commits = meter.CreateCounter<long>("commits", "{commit}", "Commits: one write and one flush each.");
        recordedBytes = meter.CreateCounter<long>("recorded_bytes", "By", "Bytes of recorded records.");
        sync = meter.CreateHistogram<double>("fsync_seconds", "s", "Duration of a commit's write and flush.");
        meter.CreateObservableCounter("recorded_readings", () => (long)health().RecordedReadings, "{reading}", "Readings recorded.");
        meter.CreateObservableGauge("waiting_records", () => (long)health().WaitingRecords, "{record}", "Records the city does not have yet.");
        meter.CreateObservableGauge("waiting_readings", () => (long)health().WaitingReadings, "{reading}", "Readings the city does not have yet.");
        meter.CreateObservableGauge("journal_bytes", () => health().JournalBytes, "By", "Journal segments on the medium.");
        meter.CreateObservableGauge("pack_bytes", () => health().PackBytes, "By", "LiteDB files on the medium.");
        meter.CreateObservableGauge("single_copy_age_seconds", () => health().SingleCopyAge.TotalSeconds, "s", "Age of the oldest record that is in the journal alone.");
        meter.CreateObservableCounter("damaged_records", () => (long)health().DamagedRecords, "{record}", "Records found in no copy.");
        meter.CreateObservableCounter("repaired_records", () => (long)health().RepairedReads, "{record}", "Records that one copy had lost and the other served.");
        meter.CreateObservableCounter("books_differences", () => health().BooksDifferences, "{cut}", "Cuts at which the Recorder's count and the journal's differ: an alarm.");
        meter.CreateObservableGauge("condition", () => (int)health().Condition, null, "0 ok, 1 degraded, 2 thinning, 3 dropping, 4 full, 5 failed, 6 volatile.");
        meter.CreateObservableCounter("volatile_readings", () => (long)health().Ram.Taken, "{reading}", "Readings kept in memory only, because no medium took them.");
        meter.CreateObservableGauge("volatile_waiting_readings", () => (long)health().Ram.WaitingReadings, "{reading}", "Of them, those that would be lost with the power now.");
        meter.CreateObservableCounter("volatile_lost_readings", () => (long)health().Ram.Lost, "{reading}", "Of them, those that found no room.");
        meter.CreateObservableCounter("thinned_readings", () => (long)health().ThinnedReadings, "{reading}", "Waiting readings that became minutes for want of space.");
        meter.CreateObservableCounter("dropped_readings", () => (long)health().DroppedReadings, "{reading}", "Waiting readings that were dropped for want of space.");
        meter.CreateObservableGauge("medium_condition", () => OfMedia(health().Mirror), null, "Of each of two media: 0 ok, 1 behind, 2 away, 3 full, 4 read-only, 5 failed, 6 refused.");
        meter.CreateObservableGauge("mirror_bytes", () => Of(health().Mirror?.MirrorBytes), "By", "Journal segments on the second medium.");
        meter.CreateObservableGauge("mirror_lag_bytes", () => Of(health().Mirror?.LagBytes), "By", "Bytes of the journal that one medium has and the other lacks.");
        meter.CreateObservableGauge("mirror_lag_seconds", () => Of(health().Mirror?.Lag.TotalSeconds), "s", "Age of the oldest commit that one medium alone has.");
        meter.CreateObservableCounter("scrub_repaired", () => Of((long?)health().Mirror?.Repaired), "{entry}", "Entries that one copy had lost and that were written there again.");
        meter.CreateObservableCounter("scrub_rounds", () => Of((long?)health().Mirror?.ScrubRounds), "{round}", "Times that both copies were read whole and compared.");
        meter.CreateObservableCounter("mirror_contradictions", () => Of((long?)health().Mirror?.Contradictions), "{place}", "Places where the two copies differ and both are whole.");
    }

    public void Committed(IReadOnlyList<RecordedNotice> notices, TimeSpan took)
    {
        commits.Add(1);
        sync.Record(took.TotalSeconds);
        foreach (var notice in notices)
            recordedBytes.Add(notice.Bytes);
    }

    // With one medium there is nothing to tell.
    static IEnumerable<Measurement<T>> Of<T>(T? value) where T : struct => value is { } known ? [new Measurement<T>(known)] : [];

    static IEnumerable<Measurement<int>> OfMedia(MirrorHealth? mirror) =>
        mirror is null ? [] : [new Measurement<int>((int)mirror.Primary, new KeyValuePair<string, object?>("medium", "first")), new Measurement<int>((int)mirror.Mirror, new KeyValuePair<string, object?>("medium", "second"))];

    public void Dispose() => meter.Dispose();
}
