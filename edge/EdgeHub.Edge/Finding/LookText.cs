using System.Globalization;
using System.Text;

namespace EdgeHub.Edge.Finding;

/// <summary>The answers of this room for a person.</summary>
static class LookText
{
    public static string Of(IReadOnlyList<SensorLook> sensors)
    {
        var text = new StringBuilder();
        foreach (var sensor in sensors)
        {
            Line(text, $"{sensor.Id} ({sensor.Driver}, {sensor.Port}): {(sensor.Answered ? sensor.State : $"{sensor.State}, {sensor.Sentence}")}");
            foreach (var value in sensor.Values)
                Line(text, value.Value is { } number
                    ? string.Create(CultureInfo.InvariantCulture, $"  {value.Quantity,-24}{number,12} {value.Unit,-10} {value.Quality,-9} {value.AgeSeconds:0.0} s ago")
                    : $"  {value.Quantity,-24}{"-",12} {value.Unit}");
            if (sensor.Asked is not null)
                Line(text, $"  asked  {sensor.Asked}");
            if (sensor.Raw is not null)
                Line(text, $"  raw    {sensor.Raw}");
        }

        return text.ToString();
    }

    public static string Of(DriverReport driver)
    {
        var text = new StringBuilder();
        Line(text, $"{driver.Word}: {driver.Summary}");
        Line(text, $"  for        {string.Join("; ", driver.Models.Select(model => model.Model))}");
        Line(text, $"  port       {(driver.Ports.Count == 0 ? "none" : string.Join(", ", driver.Ports))}");
        foreach (var of in driver.Quantities)
            Line(text, $"  quantity   {of.Quantity} in {of.Unit}");
        foreach (var key in driver.Keys)
            Line(text, $"  key        {key.Name}: {key.Type}{(key.Unit.Length > 0 ? $", {key.Unit}" : "")}{(key.Default is null ? ", required" : key.Default.Length > 0 ? $", default {key.Default}" : "")}. {key.Help}");
        return text.ToString();
    }

    static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
