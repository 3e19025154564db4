using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Edge.Sensors.TextLine;

/// <summary>
/// Lines of text that end with a line feed, each a row of columns or a JSON object. A line is taken when its checksum is right and
/// at least one configured value stands in it; anything else is rejected whole. A line that lacks some values reports those as "no data".
/// </summary>
public sealed class TextLineFormat(IReadOnlyList<TextValue> values, byte separator, TextChecksum checksum, int lineMax) : FrameFormat
{
    const int DepthMax = 16;
    const byte ChecksumMark = (byte)'*';

    static readonly JsonDocumentOptions Strict = new() { MaxDepth = DepthMax };

    public override int BytesMax => lineMax;

    public override byte? Delimiter => (byte)'\n';

    public override int Length(ReadOnlySpan<byte> start)
    {
        var end = start.IndexOf((byte)'\n');
        return end >= 0 ? end + 1 : 0;
    }

    public override bool IsChecked(ReadOnlySpan<byte> frame) => TryBody(frame, out var body) && Values(body).Any(value => double.IsFinite(value.Value));

    public override SensorFrame Parse(ReadOnlySpan<byte> frame) => TryBody(frame, out var body) ? new SensorFrame(Values(body)) : SensorFrame.Nothing;

    bool TryBody(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> body)
    {
        body = frame.TrimEnd("\r\n"u8);
        if (checksum == TextChecksum.None)
            return body.Length > 0;
        var mark = body.LastIndexOf(ChecksumMark);
        if (mark < 1)
            return false;
        var digits = body[(mark + 1)..];
        body = body[..mark];
        var (right, count) = checksum switch
        {
            TextChecksum.Xor => (Sums.Xor(body), 2),
            TextChecksum.Sum8 => (Sums.Sum(body) & 0xFF, 2),
            _ => (ModbusCrc.Compute(body), 4),
        };
        return digits.Length == count && Utf8Parser.TryParse(digits, out int told, out var used, 'X') && used == count && told == right;
    }

    SensorValue[] Values(ReadOnlySpan<byte> body)
    {
        var found = new SensorValue[values.Count];
        using var json = values.Any(value => value.Path.Length > 0) ? TryJson(body) : null;
        for (var i = 0; i < found.Length; i++)
        {
            var number = values[i].Path.Length == 0 ? Number(Column(body, values[i].Column)) : json is null ? double.NaN : Number(JsonPointer.Find(json.RootElement, values[i].Path));
            found[i] = double.IsFinite(number) ? new SensorValue(i, number) : SensorValue.NoData(i);
        }

        return found;
    }

    static JsonDocument? TryJson(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
            return null;
        try
        {
            return JsonDocument.Parse(body.ToArray(), Strict);
        }
        catch (JsonException)
        {
            return null; // No JSON: no value stands in it, and the line is rejected for that.
        }
    }

    ReadOnlySpan<byte> Column(ReadOnlySpan<byte> body, int column)
    {
        for (; column > 1; column--)
        {
            var end = body.IndexOf(separator);
            if (end < 0)
                return default;
            body = body[(end + 1)..];
        }

        var last = body.IndexOf(separator);
        return last < 0 ? body : body[..last];
    }

    static double Number(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\""u8);
        return text.Length > 0 && Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length ? value : double.NaN;
    }

    static double Number(JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetDouble(out var value) ? value : double.NaN,
        { ValueKind: JsonValueKind.True } => 1,
        { ValueKind: JsonValueKind.False } => 0,
        _ => double.NaN,
    };
}
