using System.Text.Json;
using System.Text.Unicode;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Processes;

/// <summary>
/// Lines of a driver in a process of its own: <c>{"values":{"no2":17.5,"temperature":null},"quality":"good"}</c>, or
/// <c>{"fault":"a sentence with what to do"}</c>, or both. Quality is good, uncertain or bad, good when it is left out; null is "no
/// value". A line that is not so, or names a quantity that is not configured, is rejected whole.
/// </summary>
public sealed class ProcessFormat(IReadOnlyList<SensorQuantity> streams, int lineMax) : FrameFormat
{
    const int DepthMax = 8;
    const int FaultMax = 300;

    static readonly JsonDocumentOptions Strict = new() { MaxDepth = DepthMax };

    public override int BytesMax => lineMax;

    public override byte? Delimiter => (byte)'\n';

    public override bool StartsWhole => true;

    public override int Length(ReadOnlySpan<byte> start)
    {
        var end = start.IndexOf((byte)'\n');
        return end >= 0 ? end + 1 : 0;
    }

    public override bool IsChecked(ReadOnlySpan<byte> frame) => Read(frame) is not null;

    public override SensorFrame Parse(ReadOnlySpan<byte> frame) => Read(frame) ?? SensorFrame.Nothing;

    SensorFrame? Read(ReadOnlySpan<byte> frame)
    {
        if (!Utf8.IsValid(frame))
            return null;
        try
        {
            using var json = JsonDocument.Parse(frame.ToArray(), Strict);
            return json.RootElement.ValueKind == JsonValueKind.Object ? Read(json.RootElement) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // No JSON, or a name with half a character in it.
        }
    }

    SensorFrame? Read(JsonElement line)
    {
        Quality? quality = !line.TryGetProperty("quality"u8, out var word) ? Quality.Good : word.ValueKind != JsonValueKind.String ? null : word.GetString() switch
        {
            "good" => Quality.Good,
            "uncertain" => Quality.UncertainSource,
            "bad" => Quality.BadDeviceFault,
            _ => null,
        };
        var fault = line.TryGetProperty("fault"u8, out var sentence) && sentence.ValueKind == JsonValueKind.String ? sentence.GetString()! : null;
        var values = new List<SensorValue>();
        if (line.TryGetProperty("values"u8, out var given))
        {
            if (given.ValueKind != JsonValueKind.Object)
                return null;
            foreach (var member in given.EnumerateObject())
                if (Value(member, quality ?? Quality.Good) is { } value)
                    values.Add(value);
                else
                    return null;
        }

        return quality is null || (values.Count == 0 && fault is null) ? null : new SensorFrame(values, fault?[..Math.Min(fault.Length, FaultMax)]);
    }

    SensorValue? Value(JsonProperty member, Quality quality)
    {
        for (var stream = 0; stream < streams.Count; stream++)
            if (member.NameEquals(streams[stream].Quantity))
                return member.Value.ValueKind switch
                {
                    JsonValueKind.Null => SensorValue.NoData(stream),
                    JsonValueKind.Number when member.Value.TryGetDouble(out var number) && double.IsFinite(number) => quality.HasValue() ? new SensorValue(stream, number, quality) : new SensorValue(stream, double.NaN, quality),
                    _ => null,
                };
        return null;
    }
}
