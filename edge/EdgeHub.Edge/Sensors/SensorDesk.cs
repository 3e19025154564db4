using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Sensors;

/// <summary>
/// Where every loop of this room hands in what it read, or what it could not read: into the channel to the recorder, the
/// sensor's state and the metrics, together. Never waits: a full channel is counted as overflow (sensing never waits for the disk).
/// </summary>
public sealed class SensorDesk(ChannelWriter<Reading> readings, BoxClock clock, SensorsMetrics metrics)
{
    /// <summary>The kinds of the events on a line that two boxes share.</summary>
    public const string TakeOverEvent = "edgehub.line.takeover", StepDownEvent = "edgehub.line.stepdown";

    readonly ConcurrentDictionary<string, Func<OutputCommand, bool>> switches = new(StringComparer.Ordinal);

    static readonly TimeSpan TimeError = TimeSpan.FromSeconds(1);

    public long BootTimeMs => clock.BootTimeMs;

    /// <summary>Called when a source of true time was heard, on the loop of its line.</summary>
    public Action<TimeFix>? TimeHeard { get; set; }

    /// <summary>Called with kind and sentence when this box begins or ends to ask on a line that two boxes share, on the loop of that line.</summary>
    public Action<string, string>? LineChanged { get; set; }

    internal void Read(SensorState sensor, int stream, long bootTimeMs, double value, Quality quality, Origin origin = Origin.Active)
    {
        var gate = sensor.Gate(stream);
        (value, quality) = gate.Judge(value, quality, clock);
        var reading = new Reading(sensor.FirstStream + stream, bootTimeMs, value, quality, origin);
        sensor.CountRead(reading);
        if (!gate.IsNews(reading))
        {
            sensor.CountSuppressed(reading.Stream);
            metrics.CountSuppressed(sensor.Options.Id);
            return;
        }

        if (readings.TryWrite(reading))
        {
            gate.Sent(reading);
            metrics.CountSampled(sensor.Options.Id);
            if (origin == Origin.Overheard)
                metrics.CountOverheard(sensor.Options.Id);
        }
        else
        {
            Unread(sensor, stream, UnreadReason.Overflow, 1);
        }
    }

    /// <summary>A satellite receiver's sentence tells the second that began before it: never more than one away.</summary>
    internal void Time(long bootTimeMs, DateTimeOffset utc, SensorState sensor) =>
        TimeHeard?.Invoke(new TimeFix(bootTimeMs, utc, TimeError, sensor.Options.Id));

    internal void Unread(SensorState sensor, int stream, UnreadReason reason, long count)
    {
        sensor.CountUnread(sensor.FirstStream + stream, reason, count);
        metrics.CountUnread(sensor.Options.Id, reason, count);
    }

    /// <summary>The same for all streams of a sensor.</summary>
    internal void Unread(SensorState sensor, UnreadReason reason, long count)
    {
        if (count > 0)
            for (var stream = 0; stream < sensor.Options.Streams.Count; stream++)
                Unread(sensor, stream, reason, count);
    }

    /// <summary>Hands a command to an output; false where there is none of that id, or its chip is away just now. From any thread.</summary>
    public bool TrySwitch(string sensor, OutputCommand command) => switches.TryGetValue(sensor, out var post) && post(command);

    internal void Switch(SensorState sensor, Func<OutputCommand, bool> post) => switches[sensor.Options.Id] = post;

    internal void Unswitch(IReadOnlyList<SensorState> sensors)
    {
        foreach (var sensor in sensors)
            switches.TryRemove(sensor.Options.Id, out _);
    }

    internal void Frame(PortState port, SensorState sensor)
    {
        sensor.Count(new SensorCounters { Frames = 1 });
        metrics.CountFrame(port.Port);
    }

    internal void TookOver(PortState port, string sentence)
    {
        metrics.CountTakeOver(port.Port);
        LineChanged?.Invoke(TakeOverEvent, sentence);
    }

    internal void SteppedDown(PortState port, string sentence)
    {
        metrics.CountStepDown(port.Port);
        LineChanged?.Invoke(StepDownEvent, sentence);
    }

    /// <param name="asked">Whose frame it was to be; null where nobody was asked.</param>
    /// <param name="reason">One of few words: it is a label.</param>
    internal void Rejected(PortState port, SensorState? asked, string reason, ReadOnlySpan<byte> bytes)
    {
        var sensor = asked?.Options.Id ?? "";
        port.Keep(BootTimeMs, asked is null ? reason : $"{reason}, {sensor}", bytes);
        metrics.CountRejected(port.Port, sensor, reason);
    }

    internal void Received(PortState port, int count)
    {
        port.CountBytes(count);
        metrics.CountBytes(port.Port, count);
    }

    internal void Opened(PortState port)
    {
        port.CountOpening();
        metrics.CountOpening(port.Port);
    }
}
