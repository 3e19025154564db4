using System.Globalization;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Sysfs;

/// <summary>
/// What <c>w1_slave</c> of a DS18B20 says: two lines, <c>… crc=hh YES</c> and <c>… t=21562</c>. Source: linux Documentation/w1/slaves/w1_therm.
/// Pure: null where the checksum is wrong or the text is none.
/// </summary>
static class OneWireText
{
    const int PowerOn = 85_000; // DS18B20 data sheet, table 1: what the register holds before the first conversion.
    const int Disconnected = -127_000;
    const double Near = 5;

    /// <param name="last">The reading before, in Cel: near it, 85 is a temperature.</param>
    public static SensorFrame? Read(string text, double? last)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2 || !lines[0].TrimEnd().EndsWith("YES", StringComparison.Ordinal))
            return null;
        var mark = lines[1].LastIndexOf("t=", StringComparison.Ordinal);
        if (mark < 0 || !int.TryParse(lines[1].AsSpan(mark + 2).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milli))
            return null;
        return milli switch
        {
            PowerOn when last is not { } before || Math.Abs(before - 85) > Near => new SensorFrame([SensorValue.NoData(0)], "it shows 85 Cel, its power-on value: its supply breaks in; check the wire and the 4.7 kOhm resistor."),
            <= Disconnected => new SensorFrame([SensorValue.NoData(0)], "it shows -127 Cel, which means that nobody answers: check its wire."),
            _ => new SensorFrame([new(0, milli / 1000.0, Quality.Good)]),
        };
    }
}
