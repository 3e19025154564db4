namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>Which streams are asked for; empty asks for all.</summary>
/// <param name="Scope">The area that the caller may see at all.</param>
public sealed record StreamFilter(string Scope)
{
    public string Area { get; init; } = "";

    public string Gateway { get; init; } = "";

    public string Sensor { get; init; } = "";

    public string Quantity { get; init; } = "";

    /// <summary>A stream whose unit changed is read in one of them at a time.</summary>
    public string Unit { get; init; } = "";

    /// <summary>A part of any of its names.</summary>
    public string Search { get; init; } = "";

    public static StreamFilter Of(StreamId id, string scope) => new(scope) { Gateway = id.Gateway, Sensor = id.Sensor, Quantity = id.Quantity };

    internal Conditions Conditions(string gateway, string stream, string area) => new Conditions()
        .Within(area, Scope)
        .Within(area, Area)
        .Is(gateway, Gateway)
        .Is($"{stream}sensor", Sensor)
        .Is($"{stream}quantity", Quantity)
        .Is($"{stream}unit", Unit)
        .Contains(Search, gateway, $"{stream}sensor", $"{stream}quantity", $"{stream}site");
}
