using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace EdgeHub.Edge.Finding;

/// <summary>Something that a scan found.</summary>
/// <param name="Port">Where, by its stable name.</param>
/// <param name="What">What it is, or seems to be.</param>
/// <param name="Evidence">Why that is believed.</param>
/// <param name="Sensor">How it would be configured; null where that cannot be told.</param>
public sealed record Found(string Port, string What, string Evidence, SensorEntry? Sensor = null);

/// <summary>An entry of the configuration's <c>sensors</c>.</summary>
public sealed record SensorEntry(
    string Id,
    string Driver,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Port = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonValue? Address = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Profile = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Fingerprint = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Meter = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Order = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Device = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Root = null);
