using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors;

/// <summary>
/// Where every loop of this room hands in what it read, or what it could not read: into the channel to the recorder, the
/// sensor's state and the metrics, together. Never waits: a full channel is counted as overflow (sensing never waits for the disk).
/// </summary>
public sealed class SensorDesk(ChannelWriter<Reading> readings, BoxClock clock, SensorsMetrics metrics)
{
    public long BootTimeMs => clock.BootTimeMs;

    internal void Read(SensorState sensor, int stream, long bootTimeMs, double value, Quality quality)
    {
        var reading = new Reading(sensor.FirstStream + stream, bootTimeMs, quality.HasValue() ? value : double.NaN, quality);
        sensor.CountRead(reading);
        if (readings.TryWrite(reading))
            metrics.CountSampled(sensor.Options.Id);
        else
            Unread(sensor, stream, UnreadReason.Overflow, 1);
    }

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

    internal void Frame(PortState port, SensorState sensor)
    {
        sensor.Count(new SensorCounters { Frames = 1 });
        metrics.CountFrame(port.Port);
    }

    internal void Rejected(PortState port, string reason, ReadOnlySpan<byte> bytes)
    {
        port.Keep(BootTimeMs, reason, bytes);
        metrics.CountRejected(port.Port, reason);
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
