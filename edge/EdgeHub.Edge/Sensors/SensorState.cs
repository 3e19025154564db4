using EdgeHub.Edge.Sensors.Streams;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors;

/// <summary>What is known of a sensor, written by the one loop that reads it and read by whoever shows it.</summary>
/// <param name="firstStream">Position of its first stream in the catalog; the others follow.</param>
public sealed class SensorState(SensorOptions options, int firstStream)
{
    readonly Lock gate = new();
    readonly Reading?[] last = new Reading?[options.Streams.Count];
    readonly StreamGate[] gates = [.. options.Streams.Zip(options.Rules, (stream, rule) => new StreamGate(stream, rule))];
    readonly long[] suppressed = new long[options.Streams.Count];
    readonly long[] read = new long[options.Streams.Count];
    readonly long[][] unread = [.. options.Streams.Select(_ => new long[UnreadReasonExtensions.Count])];
    Condition condition = Condition.Starting;
    string sentence = "not heard of yet.";
    SensorCounters counters;

    public SensorOptions Options => options;

    public int FirstStream => firstStream;

    /// <summary>Sets the state; true when it differs from the one before, so that a log says a change once.</summary>
    public bool Become(Condition now, string why)
    {
        lock (gate)
        {
            var changed = now != condition || why != sentence;
            (condition, sentence) = (now, why);
            return changed;
        }
    }

    public SensorStatus Snapshot()
    {
        lock (gate)
            return new SensorStatus(options.Id, options.Driver.Word, options.Port.ToString()!, condition, sentence, counters, [.. options.Streams.Select(Stream)]);
    }

    internal void Count(SensorCounters more)
    {
        lock (gate)
            counters = new SensorCounters(
                counters.Frames + more.Frames,
                counters.CrcErrors + more.CrcErrors,
                counters.Timeouts + more.Timeouts,
                counters.Exceptions + more.Exceptions,
                counters.Resyncs + more.Resyncs,
                counters.Bounces + more.Bounces);
    }

    internal void CountRead(Reading reading)
    {
        lock (gate)
        {
            read[reading.Stream - firstStream]++;
            if (reading.Quality.HasValue())
                last[reading.Stream - firstStream] = reading;
        }
    }

    /// <summary>What the values of a stream pass on their way out.</summary>
    internal StreamGate Gate(int stream) => gates[stream];

    internal void CountSuppressed(int stream)
    {
        lock (gate)
            suppressed[stream - firstStream]++;
    }

    internal void CountUnread(int stream, UnreadReason reason, long count)
    {
        lock (gate)
            unread[stream - firstStream][(int)reason] += count;
    }

    StreamStatus Stream(SensorQuantity stream, int i)
    {
        var reasons = new SortedDictionary<UnreadReason, long>();
        for (var reason = 0; reason < UnreadReasonExtensions.Count; reason++)
            if (unread[i][reason] > 0)
                reasons[(UnreadReason)reason] = unread[i][reason];
        return new StreamStatus(firstStream + i, stream.Quantity, stream.Unit, last[i], read[i], suppressed[i], reasons);
    }
}
