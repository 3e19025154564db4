using System.Security.Cryptography;
using System.Text;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Composition;

/// <summary>Who this box is and where it stands.</summary>
sealed record GatewayOptions
{
    const string IdForm = "Use 1 to 64 of a-z, 0-9 and -.";

    /// <summary>The box's name to the city; no two live boxes may share one.</summary>
    public required string Id { get; init; }

    public string Site { get; init; } = "site";

    public string Area { get; init; } = "area";

    /// <summary>Reads <c>gateway</c>: <c>id</c>, <c>site</c>, <c>area</c>. Without an id the box takes one from its machine-id.</summary>
    public static GatewayOptions Read(SettingsSection section, string machineIdPath = "/etc/machine-id")
    {
        ArgumentNullException.ThrowIfNull(section);
        var options = new GatewayOptions { Id = Identifier(section, "id", DefaultId(machineIdPath)), Site = Identifier(section, "site", "site"), Area = Identifier(section, "area", "area") };
        section.RejectUnknown();
        return options;
    }

    /// <summary>The machine-id itself is meant to stay on the box, so its hash is used. Images that share a machine-id share this id: the city notices.</summary>
    static string DefaultId(string machineIdPath)
    {
        var machine = File.Exists(machineIdPath) ? File.ReadAllText(machineIdPath).Trim() : "";
        var source = machine.Length > 0 ? machine : Environment.MachineName;
        return "box-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("edgehub gateway " + source)))[..12];
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
