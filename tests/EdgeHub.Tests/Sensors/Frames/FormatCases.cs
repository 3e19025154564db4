using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Nmea;
using EdgeHub.Edge.Sensors.Nova;
using EdgeHub.Edge.Sensors.Plantower;
using EdgeHub.Edge.Sensors.Processes;
using EdgeHub.Edge.Sensors.Ranging;
using EdgeHub.Edge.Sensors.TextLine;
using EdgeHub.Edge.Sensors.Winsen;

namespace EdgeHub.Tests.Sensors.Frames;

/// <summary>Every decoder of a stream of bytes, with golden frames and a judge of its own.</summary>
static partial class FormatCases
{
    public const string Pms5003 = "424D001C0008000C000E0008000C000E05DC01AE0050000A0004000297000376";
    public const string Pms3003 = "424D00140008000C000E0008000C000E00000000000000E7";
    public const string Pms5003St = "424D00240008000C000E0008000C000E05DC01AE0050000A00040002001FFFCC027A00009100" + "05DE";
    public const string Sds011 = "AAC0D4043A0AA1601DAB";
    public const string MhZ19 = "FF8602200000000058";
    public const string Ze07 = "FF040301000013885D";
    public const string Ze08 = "FF17040000251388" + "25";
    public const string Ze08Answer = "FF86002A0000002030";
    public const string A02 = "FF07A1A7";
    public const string Gga = "$GNGGA,082015.00,3014.5678,N,12010.1234,E,1,12,0.9,15.2,M,7.1,M,,*7A\r\n";
    public const string Rmc = "$GNRMC,082015.00,A,3014.5678,N,12010.1234,E,0.35,87.5,251126,,,A,V*37\r\n";

    static readonly TextValue[] Columns = [new(new SensorQuantity("temperature", "Cel"), 1, ""), new(new SensorQuantity("humidity", "%"), 2, "")];
    static readonly TextValue[] Pointers = [new(new SensorQuantity("no2", "[ppb]"), 0, "/air/no2"), new(new SensorQuantity("door", "1"), 0, "/in/1")];

    static readonly SensorQuantity[] Printed = [new("no2", "[ppb]"), new("door", "1")];

    public static IReadOnlyList<FormatCase> All { get; } =
    [
        new("pms5003", () => new PlantowerFormat(PlantowerModel.Pms5003), [Hex(Pms5003), Hex("424D0004E1000174")], Plantower, new byte[64]),
        new("pms3003", () => new PlantowerFormat(PlantowerModel.Pms3003), [Hex(Pms3003)], Plantower, new byte[64]),
        new("pms5003st", () => new PlantowerFormat(PlantowerModel.Pms5003St), [Hex(Pms5003St)], Plantower, new byte[64]),
        new("sds011", () => new Sds011Format(), [Hex(Sds011), Hex("AAC50201010000" + "A1" + "A5AB")], Nova, new byte[16]),
        new("mh-z19", () => new MhZ19Format(), [Hex(MhZ19)], (bytes, at) => Winsen(bytes, at, 0x86, 0x79), new byte[16]),
        new("ze07-co", () => new ZeFormat(ZeGas.Ze07Co), [Hex(Ze07)], (bytes, at) => Winsen(bytes, at, 0x04, 0x17, 0x86, 0x78), new byte[16]),
        new("ze08-ch2o", () => new ZeFormat(ZeGas.Ze08Ch2O), [Hex(Ze08), Hex(Ze08Answer)], (bytes, at) => Winsen(bytes, at, 0x04, 0x17, 0x86, 0x78), new byte[16]),
        new("a02yyuw", () => new A02Format(), [Hex(A02), Hex("FFFF00FE")], Ranging, new byte[8]),
        new("nmea", () => new NmeaFormat(), [Text(Gga), Text(Rmc)], Nmea, Text(new string('\n', 4))),
        new("text-line xor", () => new TextLineFormat(Columns, (byte)',', TextChecksum.Xor, 64), [Text("21.5,40.2,hello*62\n")], (bytes, at) => Line(bytes, at, body => body.Aggregate(0, (xor, b) => xor ^ b), 2), Text("\n\n")),
        new("text-line sum8", () => new TextLineFormat(Columns, (byte)',', TextChecksum.Sum8, 64), [Text("21.5,40.2,hello*F6\r\n")], (bytes, at) => Line(bytes, at, body => body.Sum(b => b) & 0xFF, 2), Text("\n\n")),
        new("text-line crc16", () => new TextLineFormat(Columns, (byte)',', TextChecksum.Crc16, 64), [Text("21.5,40.2,hello*8D23\n")], (bytes, at) => Line(bytes, at, Crc, 4), Text("\n\n")),
        new("process", () => new ProcessFormat(Printed, 96), [Text("""{"values":{"no2":17.5,"door":null},"quality":"uncertain"}""" + "\n"), Text("""{"fault":"out of paper"}""" + "\n"), Text("""{"values":{"door":1}}""" + "\r\n")], ProcessLine, Text("\n\n")),
        new("text-line json", () => new TextLineFormat(Pointers, (byte)',', TextChecksum.None, 64), [Text("""{"air":{"no2":17.5},"in":[0,true]}""" + "\n")], (bytes, at) => JsonLine(bytes, at), Text("\n\n")),
    ];

    public static FormatCase Of(string name) => All.Single(item => item.Name == name);

    public static byte[] Hex(string hex) => Convert.FromHexString(hex);

    public static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    static int Plantower(byte[] bytes, int at)
    {
        if (at + 4 > bytes.Length || bytes[at] != 0x42 || bytes[at + 1] != 0x4D || bytes[at + 2] != 0 || bytes[at + 3] is not (4 or 20 or 28 or 36))
            return 0;
        var end = at + 4 + bytes[at + 3];
        return end <= bytes.Length && bytes[at..(end - 2)].Sum(b => b) == ((bytes[end - 2] << 8) | bytes[end - 1]) ? end - at : 0;
    }

    static int Nova(byte[] bytes, int at) =>
        at + 10 <= bytes.Length && bytes[at] == 0xAA && bytes[at + 1] is 0xC0 or 0xC5 && bytes[at + 9] == 0xAB && (bytes[(at + 2)..(at + 8)].Sum(b => b) & 0xFF) == bytes[at + 8] ? 10 : 0;

    static int Winsen(byte[] bytes, int at, params byte[] kinds) =>
        at + 9 <= bytes.Length && bytes[at] == 0xFF && kinds.Contains(bytes[at + 1]) && (bytes[(at + 1)..(at + 9)].Sum(b => b) & 0xFF) == 0 ? 9 : 0;

    static int Ranging(byte[] bytes, int at) =>
        at + 4 <= bytes.Length && bytes[at] == 0xFF && ((0xFF + bytes[at + 1] + bytes[at + 2]) & 0xFF) == bytes[at + 3] ? 4 : 0;

    static int Nmea(byte[] bytes, int at)
    {
        var sentence = Sentence().Match(Encoding.Latin1.GetString(bytes), at);
        if (!sentence.Success || sentence.Index != at || sentence.Length > 128)
            return 0;
        var sum = sentence.Groups[1].Value.Aggregate(0, (xor, letter) => xor ^ letter);
        return sum == int.Parse(sentence.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) ? sentence.Length : 0;
    }

    // A line begins behind a line feed, never at the very first byte: that may be the end of one.
    static (int Length, byte[] Body) WholeLine(byte[] bytes, int at)
    {
        var end = Array.IndexOf(bytes, (byte)'\n', at);
        if (at == 0 || bytes[at - 1] != '\n' || end < 0 || end + 1 - at > 64)
            return (0, []);
        return (end + 1 - at, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes[at..end]).TrimEnd('\r')));
    }

    static int Line(byte[] bytes, int at, Func<byte[], int> sum, int digits)
    {
        var (length, line) = WholeLine(bytes, at);
        var parts = Regex.Match(Encoding.Latin1.GetString(line), $@"^(.+)\*([0-9A-Fa-f]{{{digits}}})$", RegexOptions.Singleline);
        if (!parts.Success || sum(Encoding.Latin1.GetBytes(parts.Groups[1].Value)) != int.Parse(parts.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            return 0;
        return parts.Groups[1].Value.Split(',').Take(2).Any(column => double.TryParse(column.Trim(' ', '\t', '"'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)) ? length : 0;
    }

    static int JsonLine(byte[] bytes, int at)
    {
        var (length, line) = WholeLine(bytes, at);
        if (!System.Text.Unicode.Utf8.IsValid(line))
            return 0;
        try
        {
            using var json = JsonDocument.Parse(line);
            return IsNumber(Last(Last(json.RootElement, "air"), "no2")) || (Last(json.RootElement, "in") is { ValueKind: JsonValueKind.Array } inputs && inputs.GetArrayLength() > 1 && IsNumber(inputs[1])) ? length : 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return 0;
        }

        static bool IsNumber(JsonElement element) => element.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

        // Of a name that stands twice the last one holds.
        static JsonElement Last(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().LastOrDefault(member => member.Name == name).Value : default;
    }

    // A program's output is read from its first byte on: its first line is whole.
    static int ProcessLine(byte[] bytes, int at)
    {
        var end = Array.IndexOf(bytes, (byte)'\n', at);
        if ((at > 0 && bytes[at - 1] != '\n') || end < 0 || end + 1 - at > 96 || !System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(at..end)))
            return 0;
        try
        {
            using var json = JsonDocument.Parse(bytes.AsMemory(at..end));
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return 0;
            // Of a name that stands twice the last one holds.
            var members = json.RootElement.EnumerateObject().GroupBy(member => member.Name).ToDictionary(same => same.Key, same => same.Last().Value);
            var values = members.TryGetValue("values", out var given) ? given.ValueKind == JsonValueKind.Object ? given.EnumerateObject().ToList() : null : [];
            var isFault = members.TryGetValue("fault", out var fault) && fault.ValueKind == JsonValueKind.String;
            var isQuality = !members.TryGetValue("quality", out var quality) || (quality.ValueKind == JsonValueKind.String && quality.GetString() is "good" or "uncertain" or "bad");
            var isTaken = values?.All(value => value.Name is "no2" or "door" && (value.Value.ValueKind == JsonValueKind.Null || (value.Value.ValueKind == JsonValueKind.Number && double.IsFinite(value.Value.GetDouble())))) ?? false;
            return isTaken && isQuality && (isFault || values!.Count > 0) ? end + 1 - at : 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return 0;
        }
    }

    static int Crc(byte[] body)
    {
        var crc = 0xFFFF;
        foreach (var b in body)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return crc;
    }

    [GeneratedRegex(@"\$([\x20-\x23\x25-\x7E\r]*)\*([0-9A-Fa-f]{2})\r*\n")]
    private static partial Regex Sentence();
}
