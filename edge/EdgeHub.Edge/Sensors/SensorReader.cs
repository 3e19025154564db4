using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Streams;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Sensors;

/// <summary>Reads one entry of the list <c>sensors</c>: what every sensor has is read here, the rest by its driver.</summary>
static class SensorReader
{
    static readonly TimeSpan IntervalMin = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan IntervalMax = TimeSpan.FromHours(24);

    /// <summary>Its id; empty where there is none.</summary>
    public static string ReadId(SettingsSection section)
    {
        var id = section.Text("id", null, "Write a name of a-z, 0-9 and dashes, at most 64 characters.");
        if (id.Length > 0 && !Identifiers.IsId(id))
            section.Error("id", id, "this is no id.", "Write a name of a-z, 0-9 and dashes, at most 64 characters.");
        return id;
    }

    /// <summary>The sensor, or null when its driver or port is so wrong that the rest means nothing.</summary>
    public static SensorOptions? TryRead(SettingsSection section, string id, DriverLibraries libraries)
    {
        var driver = Driver(section);
        var port = Port(section, driver, id);
        var interval = section.Duration("interval", driver?.Interval ?? IntervalMin, IntervalMin, IntervalMax);
        var spoolClass = Class(section);
        var classification = Limited(section, "classification");
        var site = Limited(section, "site");
        var model = Limited(section, "model");
        var position = PositionReader.Read(section);
        if (driver is null)
            return null;
        var settings = driver.Read(section, libraries);
        var rules = StreamRuleReader.Read(section, settings.Streams);
        section.RejectUnknown();
        if (port is null || id.Length == 0)
            return null;
        return new SensorOptions
        {
            Id = id,
            Driver = driver,
            Port = port,
            Interval = interval,
            SpoolClass = spoolClass,
            Classification = classification,
            Site = site,
            Position = position,
            Model = model.Length > 0 ? model : settings.Model,
            Settings = settings,
            Rules = rules,
        };
    }

    static Driver? Driver(SettingsSection section)
    {
        string[] words = [.. DriverCatalog.All.Select(driver => driver.Word)];
        var fix = $"Write one of {string.Join(", ", words)}.";
        var word = section.Text("driver", null, fix);
        var driver = DriverCatalog.Find(word);
        if (driver is null && word.Length > 0)
            section.Error("driver", word, "there is no such driver.", Units.Nearest(word, words) is { } near ? $"Did you mean {near}?" : fix);
        return driver;
    }

    static PortUri? Port(SettingsSection section, Driver? driver, string id)
    {
        if (driver is { Ports: PortKinds.None })
            return new OwnPortUri(driver.Word, id);
        var text = section.Text("port", null, $"Write {driver?.Ports.Example() ?? "serial:/dev/ttyUSB0?baud=9600, tcp:host:port, modbus-tcp:host or gpio:0/17"}.");
        if (text.Length == 0)
            return null;
        if (PortUri.TryParse(text, driver?.Serial ?? SerialDefaults.Common, out var reason, out var fix) is not { } port)
        {
            section.Error("port", text, reason, fix);
            return null;
        }

        if (driver is null || (port.Kind & driver.Ports) != 0)
            return port;
        section.Error("port", text, $"the driver {driver.Word} does not work on this kind of port.", $"Write {driver.Ports.Example()}.");
        return null;
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

    /// <summary>A text no longer than the wire takes.</summary>
    internal static string Limited(SettingsSection section, string key)
    {
        var text = section.Text(key, "");
        if (text.Length <= WireLimits.TextLengthMax)
            return text;
        section.Error(key, null, "this text is too long.", $"Write at most {WireLimits.TextLengthMax} characters.");
        return "";
    }
}
