using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Composition;

/// <summary>Who this box is and where it stands.</summary>
sealed record GatewayOptions
{
    const string IdForm = "Use 1 to 64 of a-z, 0-9 and -.";
    const int AreaLevelsMax = 3;

    /// <summary>The box's name to the city; no two live boxes may share one.</summary>
    public required string Id { get; init; }

    public string Site { get; init; } = "site";

    /// <summary>County, street and community (GB/T 2260 and CJ/T 349 codes), parted by slashes; empty where unknown.</summary>
    public string Area { get; init; } = "";

    /// <summary>Null where nobody wrote it.</summary>
    public Position? Position { get; init; }

    /// <summary>Who answers for the data; empty where nobody wrote it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Code of the management grid cell; empty where unknown.</summary>
    public string Grid { get; init; } = "";

    /// <summary>Reads <c>gateway</c>: <c>id</c>, <c>site</c>, <c>area</c>, <c>position</c>, <c>owner</c>, <c>grid</c>. Without an id the box takes one from its machine-id.</summary>
    public static GatewayOptions Read(SettingsSection section, string machineIdFile = GatewayIdentity.MachineIdFile)
    {
        ArgumentNullException.ThrowIfNull(section);
        section.Know("grid");
        var options = new GatewayOptions
        {
            Id = ReadId(section, machineIdFile),
            Site = Identifier(section, "site", "site"),
            Area = ReadArea(section),
            Position = PositionReader.Read(section),
            Owner = SensorReader.Limited(section, "owner"),
            Grid = section.Has("grid") ? Identifier(section, "grid", "") : "",
        };
        section.RejectUnknown();
        return options;
    }

    static string ReadId(SettingsSection section, string machineIdFile)
    {
        if (section.Has("id"))
            return Identifier(section, "id", "");
        if (GatewayIdentity.Default(machineIdFile) is { } own)
            return own;
        section.Error("id", null, $"this box has no {machineIdFile} to take an id from.", "Write gateway.id, or run systemd-machine-id-setup.");
        return "";
    }

    static string ReadArea(SettingsSection section)
    {
        var value = section.Text("area", "");
        var levels = value.Split('/');
        if (value.Length == 0 || (levels.Length <= AreaLevelsMax && levels.All(Identifiers.IsId)))
            return value;
        section.Error("area", value, "this is no area.", "Write county/street/community, such as 330106/005/012, or leave it out.");
        return "";
    }

    static string Identifier(SettingsSection section, string key, string fallback)
    {
        var value = section.Text(key, fallback, IdForm);
        if (Identifiers.IsId(value))
            return value;
        section.Error(key, value, "this is no id.", IdForm);
        return fallback;
    }
}
