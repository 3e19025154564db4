using System.Globalization;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Sensors;

/// <summary>Reads one entry of the list <c>sensors</c>.</summary>
static class SensorReader
{
    const int AddressMax = 247; // Modbus over Serial Line V1.02, 2.2
    const decimal PerPulseMax = 1_000_000m;

    static readonly TimeSpan PolledDefault = TimeSpan.FromSeconds(1);
    static readonly TimeSpan HeartbeatDefault = TimeSpan.FromSeconds(60);
    static readonly TimeSpan IntervalMin = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan IntervalMax = TimeSpan.FromHours(24);

    /// <summary>The sensor, or null when its driver or port is so wrong that the rest means nothing.</summary>
    public static SensorOptions? TryRead(SettingsSection section, ProfileLibrary profiles)
    {
        var id = section.Text("id", null, "Write a name of a-z, 0-9 and dashes, at most 64 characters.");
        if (id.Length > 0 && !Identifiers.IsId(id))
            section.Error("id", id, "this is no id.", "Write a name of a-z, 0-9 and dashes, at most 64 characters.");
        var driver = Driver(section);
        var port = Port(section, driver);
        var polled = driver is SensorDriver.Pms5003 or SensorDriver.Modbus;
        var sensor = new SensorOptions
        {
            Id = id,
            Driver = driver ?? SensorDriver.Pms5003,
            Port = port ?? new TcpPortUri("", 0),
            Interval = section.Duration("interval", polled ? PolledDefault : HeartbeatDefault, IntervalMin, IntervalMax),
            SpoolClass = Class(section),
            Classification = Limited(section, "classification"),
            Site = Limited(section, "site"),
            Model = Limited(section, "model"),
        };
        sensor = driver switch
        {
            SensorDriver.Modbus => ReadModbus(section, sensor, profiles),
            SensorDriver.GpioInput => sensor with { Quantity = Quantity(section, "state") },
            SensorDriver.GpioCounter => ReadCounter(section, sensor),
            SensorDriver.Pms5003 when sensor.Model.Length == 0 => sensor with { Model = "Plantower PMS5003" },
            _ => sensor,
        };
        if (driver is not null)
            section.RejectUnknown();
        return driver is not null && port is not null && id.Length > 0 ? sensor : null;
    }

    static SensorDriver? Driver(SettingsSection section)
    {
        var fix = $"Write one of {string.Join(", ", SensorDriverExtensions.Words)}.";
        var word = section.Text("driver", null, fix);
        for (var i = 0; i < SensorDriverExtensions.Words.Count; i++)
            if (SensorDriverExtensions.Words[i] == word)
                return (SensorDriver)i;
        if (word.Length > 0)
            section.Error("driver", word, "there is no such driver.", Units.Nearest(word, SensorDriverExtensions.Words) is { } near ? $"Did you mean {near}?" : fix);
        return null;
    }

    static PortUri? Port(SettingsSection section, SensorDriver? driver)
    {
        var text = section.Text("port", null, "Write serial:/dev/ttyUSB0?baud=9600, tcp:host:port or gpio:0/17.");
        if (text.Length == 0)
            return null;
        if (PortUri.TryParse(text, out var reason, out var fix) is not { } port)
        {
            section.Error("port", text, reason, fix);
            return null;
        }

        if (driver is { } known && port is GpioPortUri != known is SensorDriver.GpioInput or SensorDriver.GpioCounter)
        {
            section.Error("port", text, $"the driver {known.Word()} does not work on this kind of port.", port is GpioPortUri ? "Write serial:/dev/ttyUSB0?baud=9600 or tcp:host:port." : "Write gpio:0/17.");
            return null;
        }

        return port;
    }

    static SensorOptions ReadModbus(SettingsSection section, SensorOptions sensor, ProfileLibrary profiles)
    {
        var address = section.Whole("address", 0, 1, AddressMax);
        if (!section.Has("address"))
            section.Error("address", null, "this key is required.", $"Write the slave's address, 1 to {AddressMax}.");
        var name = section.Text("profile", null, $"Write one of {string.Join(", ", profiles.Names)}.");
        var profile = profiles.Find(name);
        if (profiles.Broken.GetValueOrDefault(name) is { } broken)
            section.Error("profile", name, "this profile is broken.", $"Mend {broken}");
        else if (profile is null && name.Length > 0)
            section.Error("profile", name, "there is no such profile.", Advice(name, profiles));
        return sensor with { Address = address, Profile = profile, Model = sensor.Model.Length > 0 ? sensor.Model : profile?.Model ?? "" };
    }

    static string Advice(string name, ProfileLibrary profiles)
    {
        var near = Units.Nearest(name, [.. profiles.Names]) is { } best ? $"Did you mean {best}?" : $"Write one of {string.Join(", ", profiles.Names)}.";
        return profiles.Broken.Count == 0 ? near : $"{near} Files that could not be read: {string.Join(" ", profiles.Broken.Values)}";
    }

    static SensorOptions ReadCounter(SettingsSection section, SensorOptions sensor)
    {
        var text = section.Text("perPulse", "1", "Write what one pulse stands for, such as 0.2.");
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var perPulse) || perPulse <= 0 || perPulse > PerPulseMax)
        {
            section.Error("perPulse", text, "this is no number in the allowed range.", $"Write what one pulse stands for, above 0 and at most {PerPulseMax}.");
            perPulse = 1;
        }

        var unit = Limited(section, "unit");
        return sensor with { Quantity = Quantity(section, "pulses"), Unit = unit.Length > 0 ? unit : "1", PerPulse = perPulse };
    }

    static string Quantity(SettingsSection section, string fallback)
    {
        var quantity = section.Text("quantity", fallback);
        if (Identifiers.IsQuantity(quantity) && quantity.Length + SensorOptions.CounterTotalSuffix.Length <= Identifiers.LengthMax)
            return quantity;
        section.Error("quantity", quantity, "this is no name of a quantity.", "Write a name of a-z, 0-9 and underscores, at most 58 characters.");
        return fallback;
    }

    static SpoolClass Class(SettingsSection section)
    {
        var word = section.Text("class", "normal");
        switch (word)
        {
            case "urgent":
                return SpoolClass.Urgent;
            case "local":
                return SpoolClass.Local;
            case "normal":
                return SpoolClass.Normal;
            default:
                section.Error("class", word, "this is not one of the choices.", "Write urgent (before all others), normal, or local (never leaves the box).");
                return SpoolClass.Normal;
        }
    }

    static string Limited(SettingsSection section, string key)
    {
        var text = section.Text(key, "");
        if (text.Length <= WireLimits.TextLengthMax)
            return text;
        section.Error(key, null, "this text is too long.", $"Write at most {WireLimits.TextLengthMax} characters.");
        return "";
    }
}
