using EdgeHub.Edge.Sensors.I2c;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Texas;

static class Ads1115Driver
{
    const int ChannelMax = 3;
    const double ShuntDefault = 150;
    const double ShuntMax = 200; // 20.5 mA over more does not fit below 4.096 V.
    const double ValueMax = 1e9;

    public static Driver Driver { get; } = new()
    {
        Word = "ads1115",
        Summary = "Four analog inputs: 4-20 mA loops over a shunt, or voltages to 4.096 V.",
        Models = [new("Texas Instruments", "ADS1115", "ADS1115 data sheet SBAS444"), new("Texas Instruments", "ADS1015", "ADS1015 data sheet SBAS473")],
        Ports = PortKinds.I2c,
        Sharing = LineSharing.I2c,
        Keys =
        [
            new("channels", "list", null, "What hangs at the inputs: a list of { channel, quantity, unit, low, high, shunt }; channel is 0 to 3, low and high the values at 4 and 20 mA (without them the current in mA), shunt the resistor in ohms (default 150; 0 for the voltage in V)."),
        ],
        Read = Read,
        Loop = I2cSensor.Over,
    };

    static I2cSettings Read(SettingsSection section, DriverLibraries libraries)
    {
        var inputs = new List<AnalogInput>();
        foreach (var entry in section.List("channels", ChannelMax + 1))
            inputs.Add(ReadInput(entry));
        if (inputs.Count == 0)
            section.Error("channels", null, "this key is required.", """Write a list such as [{ "channel": 0, "quantity": "level", "unit": "m", "low": 0, "high": 5 }].""");
        if (inputs.DistinctBy(input => input.Channel).Count() != inputs.Count || inputs.DistinctBy(input => input.Stream.Quantity).Count() != inputs.Count)
            section.Error("channels", null, "a channel or a quantity stands twice.", "Give each entry a channel and a quantity of its own.");
        return new I2cSettings([.. inputs.Select(input => input.Stream)], "Texas Instruments ADS1115", () => new Ads1115Part(inputs));
    }

    static AnalogInput ReadInput(SettingsSection entry)
    {
        var channel = entry.Whole("channel", 0, 0, ChannelMax);
        var quantity = entry.Text("quantity", null, "Write a name of a-z, 0-9 and underscores.");
        if (quantity.Length > 0 && !Identifiers.IsQuantity(quantity))
            entry.Error("quantity", quantity, "this is no name of a quantity.", "Write a name of a-z, 0-9 and underscores, at most 64 characters.");
        var shunt = entry.Number("shunt", ShuntDefault, 0, ShuntMax);
        var low = entry.Number("low", double.NaN, -ValueMax, ValueMax);
        var high = entry.Number("high", double.NaN, -ValueMax, ValueMax);
        if (entry.Has("low") != entry.Has("high") || low.Equals(high) != double.IsNaN(low))
            entry.Error("high", null, "low and high make a scale only together, and different.", "Write the values at 4 and at 20 mA.");
        if (shunt == 0 && entry.Has("low"))
            entry.Error("shunt", "0", "low and high are for a loop with a shunt.", "Write its ohms, or scale the voltage in the list streams.");
        var unit = entry.Text("unit", entry.Has("low") ? null : shunt == 0 ? "V" : "mA", "Write the UCUM unit of the value.");
        entry.RejectUnknown();
        return new AnalogInput(new SensorQuantity(quantity, unit), channel, shunt, low, high);
    }
}
