using System.Globalization;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Gpio;

static class CounterDriver
{
    const decimal PerPulseMax = 1_000_000m;
    const string TotalSuffix = "_total";

    public static Driver Driver { get; } = new()
    {
        Word = "gpio-counter",
        Summary = "Pulses: rain gauge, water meter. What came since the last report, and the total.",
        Models = [new("", "any pulse output", "linux GPIO character device, by libgpiod")],
        Ports = PortKinds.Gpio,
        Sharing = LineSharing.Gpio,
        Keys =
        [
            QuantityKey.Of("pulses"),
            new("unit", "text", "1", "UCUM unit of the quantity."),
            new("perPulse", "number", "1", $"What one pulse stands for, above 0 and at most {PerPulseMax}."),
        ],
        Interval = TimeSpan.FromSeconds(60),
        Read = Read,
        Loop = GpioLoop.Over,
    };

    static CounterSettings Read(SettingsSection section, DriverLibraries libraries)
    {
        var text = section.Text("perPulse", "1", "Write what one pulse stands for, such as 0.2.");
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var perPulse) || perPulse <= 0 || perPulse > PerPulseMax)
        {
            section.Error("perPulse", text, "this is no number in the allowed range.", $"Write what one pulse stands for, above 0 and at most {PerPulseMax}.");
            perPulse = 1;
        }

        var unit = SensorReader.Limited(section, "unit");
        unit = unit.Length > 0 ? unit : "1";
        var quantity = QuantityKey.Read(section, "pulses");
        return new CounterSettings([new(quantity, unit, 0), new(quantity + TotalSuffix, unit, 0)], perPulse);
    }
}
