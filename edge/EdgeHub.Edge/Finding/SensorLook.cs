using EdgeHub.Edge.Sensors;

namespace EdgeHub.Edge.Finding;

/// <summary>What a technician sees of one sensor.</summary>
/// <param name="State">The condition's word.</param>
/// <param name="Sentence">What is the matter and what to do.</param>
/// <param name="Answered">Whether values came and come.</param>
/// <param name="Asked">The question behind the newest values, in hexadecimal; null where none is sent, or the port has no bytes.</param>
/// <param name="Raw">The bytes that the newest values were read from.</param>
sealed record SensorLook(string Id, string Driver, string Port, string State, string Sentence, bool Answered, string? Asked, string? Raw, IReadOnlyList<ValueLook> Values)
{
    public static SensorLook Of(SensorState sensor, PortState port, long nowMs)
    {
        var status = sensor.Snapshot();
        var newest = status.Streams.Where(stream => stream.Last is not null).Select(stream => stream.Last!.Value.BootTimeMs).DefaultIfEmpty(-1).Max();
        var (asked, raw) = RawExchange.Before(port.Raw.Recent(), newest < 0 ? nowMs : newest);
        return new SensorLook(
            status.Id,
            status.Driver,
            status.Port,
            status.Condition.Word(),
            status.Sentence,
            status.Condition is Condition.Ok or Condition.WarmingUp && status.Streams.Any(stream => stream.Read > 0),
            asked,
            raw,
            [.. status.Streams.Select(stream => ValueLook.Of(stream, nowMs))]);
    }

    /// <summary>All sensors of a sampler.</summary>
    public static SensorLook[] All(Sampler sampler, long nowMs)
    {
        var ports = sampler.Ports.ToDictionary(port => port.Port, StringComparer.Ordinal);
        return [.. sampler.Sensors.Select(sensor => Of(sensor, ports[sampler.Sensors.First(first => first.Options.Port.Key == sensor.Options.Port.Key).Options.Port.LineName], nowMs))];
    }
}
