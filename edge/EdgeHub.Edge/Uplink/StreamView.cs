using System.Text.Json.Serialization;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>One stream of a <see cref="CatalogView"/>.</summary>
sealed record StreamView(
    string Sensor,
    string Quantity,
    string Unit,
    string Class,
    string Classification,
    string Site,
    string Model,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CalibrationView? Calibration,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PositionView? Position,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SamplingView? Sampling,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Accuracy)
{
    public static StreamView Of(Wire.Proto.Stream stream) => new(
        stream.Sensor,
        stream.Quantity,
        stream.Unit,
        stream.SpoolClass switch { SpoolClass.Urgent => "urgent", SpoolClass.Local => "local", _ => "normal" },
        stream.Classification,
        stream.Site,
        stream.Model,
        CalibrationView.Of(stream.Calibration),
        PositionView.Of(stream.Position),
        SamplingView.Of(stream.Sampling),
        stream.HasAccuracy ? stream.Accuracy : null);
}
