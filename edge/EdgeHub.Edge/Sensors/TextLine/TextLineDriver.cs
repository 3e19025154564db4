using System.Text;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.TextLine;

/// <summary>The way in for whatever prints numbers on a serial line: an Arduino, a logger, a weather kit.</summary>
static class TextLineDriver
{
    const int ValuesMax = 64;
    const int ColumnMax = 256;
    const int LineMaxDefault = 256;
    const int LineMaxLimit = 4096;
    const int RequestMax = 64;
    const double RangeMax = 1e12;

    public static Driver Driver { get; } = new()
    {
        Word = "text-line",
        Summary = "Any instrument that prints lines of numbers or JSON; it sends by itself or is asked.",
        Models = [new("", "Arduino sketches, loggers, weather kits", "its own manual")],
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Keys =
        [
            new("values", "list", null, "What stands in a line: a list of { quantity, unit, column or pointer, minimum, maximum }; columns count from 1, a pointer is a JSON pointer such as /air/no2."),
            new("separator", "text", ",", "The one character between columns; \\t for a tabulator."),
            new("checksum", "none, xor, sum8 or crc16", "none", "What stands in hexadecimal digits behind the last * of a line."),
            new("lineMax", "whole number", "256", $"The longest line, 8 to {LineMaxLimit}; longer ones are rejected.", "By"),
            new("request", "text", "", $"What asks for a line, sent each interval, with \\r and \\n; at most {RequestMax} characters."),
        ],
        Read = Read,
        Loop = setup => setup.Talk(Script((TextLineSettings)setup.Sensors[0].Options.Settings, setup.Sensors[0].Options.Interval)),
    };

    static FrameScript Script(TextLineSettings settings, TimeSpan interval) => new(new TextLineFormat(settings.Values, settings.Separator, settings.Checksum, settings.LineMax))
    {
        Request = settings.Request,
        SilenceAfter = TimeSpan.FromSeconds(Math.Max(10, interval.TotalSeconds * 3)),
        ForeignAdvice = "check the baud rate, and values, separator and checksum in the configuration against a line of the instrument.",
    };

    static TextLineSettings Read(SettingsSection section, DriverLibraries libraries)
    {
        var values = new List<TextValue>();
        foreach (var entry in section.List("values", ValuesMax))
            values.Add(ReadValue(entry));
        if (values.Count == 0)
            section.Error("values", null, "this key is required.", """Write a list such as [{ "quantity": "no2", "unit": "[ppb]", "column": 1 }].""");
        foreach (var twice in values.GroupBy(value => value.Stream.Quantity).Where(group => group.Count() > 1))
            section.Error("values", twice.Key, "this quantity stands twice.", "Give each value a quantity of its own.");
        var separator = Unescape(section.Text("separator", ","));
        if (separator.Length != 1 || separator[0] is '\n' or '\r' or > '~')
        {
            section.Error("separator", separator, "this is no single character.", "Write one ASCII character such as , or ; or \\t.");
            separator = ",";
        }

        var checksum = section.Choice("checksum", TextChecksum.None);
        var lineMax = section.Whole("lineMax", LineMaxDefault, 8, LineMaxLimit);
        var request = Unescape(section.Text("request", ""));
        if (request.Length > RequestMax || !Ascii.IsValid(request))
            section.Error("request", null, "this is no request that can be sent.", $"Write at most {RequestMax} ASCII characters.");
        return new TextLineSettings(values, (byte)separator[0], checksum, lineMax, request.Length == 0 ? null : Encoding.ASCII.GetBytes(request));
    }

    static TextValue ReadValue(SettingsSection entry)
    {
        var quantity = entry.Text("quantity", null, "Write a name of a-z, 0-9 and underscores.");
        if (quantity.Length > 0 && !Identifiers.IsQuantity(quantity))
            entry.Error("quantity", quantity, "this is no name of a quantity.", "Write a name of a-z, 0-9 and underscores, at most 64 characters.");
        var unit = entry.Text("unit", "1");
        if (unit.Length is 0 or > WireLimits.TextLengthMax)
            entry.Error("unit", null, "this is no unit.", "Write a UCUM unit such as ug/m3, or 1.");
        var column = entry.Whole("column", 0, 1, ColumnMax);
        var pointer = entry.Text("pointer", "");
        if (entry.Has("column") == entry.Has("pointer"))
            entry.Error("column", null, "a value stands either in a column or at a pointer.", "Write one of the two.");
        else if (pointer.Length > 0 && !JsonPointer.IsValid(pointer))
            entry.Error("pointer", pointer, "this is no JSON pointer.", "Write one such as /air/no2.");
        var minimum = entry.Has("minimum") ? entry.Number("minimum", 0, -RangeMax, RangeMax) : double.NegativeInfinity;
        var maximum = entry.Has("maximum") ? entry.Number("maximum", 0, -RangeMax, RangeMax) : double.PositiveInfinity;
        entry.RejectUnknown();
        return new TextValue(new SensorQuantity(quantity, unit, minimum, maximum), column, pointer);
    }

    static string Unescape(string text) => text.Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
}
