using System.Threading.Channels;
using EdgeHub.CloudBridge.Store.Queries;

namespace EdgeHub.CloudBridge.Api;

/// <summary>One that listens. What waits for it is bounded; a batch is shared by all.</summary>
sealed class LiveListener(StreamFilter filter)
{
    /// <summary>So many seconds a reader may be behind.</summary>
    public const int BatchesMax = 30;

    readonly Channel<IReadOnlyList<LiveReading>> batches = Channel.CreateBounded<IReadOnlyList<LiveReading>>(new BoundedChannelOptions(BatchesMax) { SingleReader = true, SingleWriter = true });

    public ChannelReader<IReadOnlyList<LiveReading>> Batches => batches.Reader;

    /// <summary>False when it is too far behind: it is told and let go.</summary>
    public bool Offer(IReadOnlyList<LiveReading> batch)
    {
        if (batches.Writer.TryWrite(batch))
            return true;
        batches.Writer.TryComplete();
        return false;
    }

    public bool Wants(LiveReading reading) =>
        IsIn(reading.Area, filter.Scope) && IsIn(reading.Area, filter.Area)
        && StreamId.TryParse(reading.Stream) is { } id
        && (filter.Gateway.Length == 0 || id.Gateway == filter.Gateway) && (filter.Sensor.Length == 0 || id.Sensor == filter.Sensor) && (filter.Quantity.Length == 0 || id.Quantity == filter.Quantity);

    static bool IsIn(string area, string whole) => whole.Length == 0 || $"{area}/".StartsWith($"{whole}/", StringComparison.Ordinal);
}
