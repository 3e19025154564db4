using System.Globalization;
using System.Text;
using EdgeHub.Edge.Sensors;

namespace EdgeHub.Tests.House;

/// <summary>docs/drivers.md between its two marks is what the drivers say of themselves. <c>EDGEHUB_WRITE_DOCS=1</c> writes it anew.</summary>
public sealed class DriversGuideTests
{
    const string Begin = "<!-- begin: what the drivers say of themselves; written by DriversGuideTests -->\n";
    const string End = "<!-- end -->\n";

    static readonly string Guide = Path.Combine(Repository.Root, "docs/drivers.md");

    [Fact]
    public void The_guide_says_what_the_drivers_say()
    {
        var text = File.ReadAllText(Guide);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("EDGEHUB_WRITE_DOCS") == "1")
            File.WriteAllText(Guide, text[..begin] + Write() + text[end..]);
        else
            Assert.Equal(Write(), text[begin..end]);
    }

    static string Write()
    {
        var text = new StringBuilder();
        foreach (var driver in DriverCatalog.All)
            Write(text, driver);
        return text.ToString();
    }

    static void Write(StringBuilder text, Driver driver)
    {
        Line(text, $"\n### `{driver.Word}`\n{driver.Summary}");
        Line(text, $"- For: {string.Join("; ", driver.Models.Select(model => $"{model} ({model.Source})"))}.");
        Line(text, $"- Port: {(driver.Ports == PortKinds.None ? "none" : $"`{driver.Ports.Example().Replace(" or ", "` or `", StringComparison.Ordinal)}`")}; interval {Seconds(driver.Interval)}{(driver.WarmUp > TimeSpan.Zero ? $"; warm-up {Seconds(driver.WarmUp)}" : "")}.");
        if (driver.Quantities.Count > 0)
            Line(text, $"- Quantities: {string.Join(", ", driver.Quantities.Select(Show))}.");
        if (driver.Keys.Count > 0)
            Line(text, "\n| key | write | default | means |\n|---|---|---|---|");
        foreach (var key in driver.Keys)
            Line(text, $"| `{key.Name}` | {key.Type}{(key.Unit.Length > 0 ? $", {key.Unit}" : "")} | {(key.Default is null ? "required" : key.Default.Length == 0 ? "none" : $"`{key.Default}`")} | {key.Help} |");
    }

    static string Show(SensorQuantity quantity)
    {
        var range = double.IsFinite(quantity.Minimum) && double.IsFinite(quantity.Maximum) ? string.Create(CultureInfo.InvariantCulture, $", {quantity.Minimum} to {quantity.Maximum}") : "";
        return $"`{quantity.Quantity}` ({quantity.Unit}{range})";
    }

    static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds} s");

    static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
