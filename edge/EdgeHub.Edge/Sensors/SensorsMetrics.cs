using System.Diagnostics.Metrics;
using EdgeHub.Edge.Sensors.Standby;

namespace EdgeHub.Edge.Sensors;

/// <summary>The instruments of this room, on the meter <see cref="MeterName"/>.</summary>
public sealed class SensorsMetrics : IDisposable
{
    public const string MeterName = "EdgeHub.Sensors";

    readonly Meter meter;
    readonly Counter<long> sampled;
    readonly Counter<long> suppressed;
    readonly Counter<long> unread;
    readonly Counter<long> frames;
    readonly Counter<long> rejected;
    readonly Counter<long> bytes;
    readonly Counter<long> openings;
    readonly Counter<long> overheard;
    readonly Counter<long> takeovers;
    readonly Counter<long> stepdowns;

    public SensorsMetrics()
    {
        meter = new Meter(MeterName);
        sampled = meter.CreateCounter<long>("readings_sampled", "{reading}", "Readings taken from a sensor and passed to the recorder.");
        suppressed = meter.CreateCounter<long>("readings_suppressed", "{reading}", "Readings taken that were no news and not reported, as the deadband of their stream says.");
        unread = meter.CreateCounter<long>("readings_unread", "{reading}", "Values that were due and never recorded, by reason.");
        frames = meter.CreateCounter<long>("frames_accepted", "{frame}", "Checked frames.");
        rejected = meter.CreateCounter<long>("frames_rejected", "{frame}", "Bytes that were no frame, by reason and the sensor that was asked.");
        bytes = meter.CreateCounter<long>("port_received_bytes", "By", "Bytes read from a port.");
        openings = meter.CreateCounter<long>("port_openings", "{opening}", "How often a port was opened; more than once means it had gone.");
        overheard = meter.CreateCounter<long>("readings_overheard", "{reading}", "Of the readings sampled those that another box on the line had asked for.");
        takeovers = meter.CreateCounter<long>("line_takeovers", "{takeover}", "How often this box began to ask on a line that two boxes share, because nobody asked.");
        stepdowns = meter.CreateCounter<long>("line_stepdowns", "{stepdown}", "How often this box stopped asking because it heard another one ask.");
    }

    /// <summary>Shows who asks on the lines that two boxes share.</summary>
    public void Observe(IReadOnlyList<PortState> ports) =>
        meter.CreateObservableGauge("line_active", () => ports.Where(port => port.Shared is not null).Select(port => new Measurement<int>(port.Shared!.State == StandbyState.Active ? 1 : 0, Tag("port", port.Port))), null, "1 while this box asks on a line that two boxes share, 0 while it listens.");

    /// <summary>Shows each sensor's state (1 for the one it is in) and the age of its last reading.</summary>
    public void Observe(IReadOnlyList<SensorState> sensors, Func<long> bootTimeMs)
    {
        meter.CreateObservableGauge("healthy", () => sensors.Select(sensor => sensor.Snapshot()).Select(status => new Measurement<int>(status.Condition.NeedsAttention() ? 0 : 1, Tag("sensor", status.Id), Tag("state", status.Condition.Word()))), description: "1 while a sensor needs nobody, 0 while someone should look.");
        meter.CreateObservableGauge("last_good_age_seconds", () => Ages(sensors, bootTimeMs()), "s", "Seconds since the last reading with a value of the sensor's freshest stream.");
    }

    public void Dispose() => meter.Dispose();

    internal void CountOverheard(string sensor) => overheard.Add(1, Tag("sensor", sensor));

    internal void CountTakeOver(string port) => takeovers.Add(1, Tag("port", port));

    internal void CountStepDown(string port) => stepdowns.Add(1, Tag("port", port));

    internal void CountSampled(string sensor) => sampled.Add(1, Tag("sensor", sensor));

    internal void CountSuppressed(string sensor) => suppressed.Add(1, Tag("sensor", sensor));

    internal void CountUnread(string sensor, UnreadReason reason, long count) => unread.Add(count, Tag("sensor", sensor), Tag("reason", reason.Word()));

    internal void CountFrame(string port) => frames.Add(1, Tag("port", port));

    internal void CountRejected(string port, string sensor, string reason) => rejected.Add(1, Tag("port", port), Tag("sensor", sensor), Tag("reason", reason));

    internal void CountBytes(string port, int count) => bytes.Add(count, Tag("port", port));

    internal void CountOpening(string port) => openings.Add(1, Tag("port", port));

    static IEnumerable<Measurement<double>> Ages(IReadOnlyList<SensorState> sensors, long now)
    {
        foreach (var status in sensors.Select(sensor => sensor.Snapshot()))
            if (status.Streams.Max(stream => stream.Last?.BootTimeMs) is { } last)
                yield return new Measurement<double>((now - last) / 1000.0, Tag("sensor", status.Id));
    }

    static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
