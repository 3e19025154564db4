using System.Net;
using EdgeHub.Hosting.Secrets;
using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Tls;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>Which broker: the embedded one and who may use it, or an external one and how to reach it.</summary>
public sealed record BrokerOptions
{
    const int UsersMax = 10_000;

    public BrokerKind Kind { get; init; } = BrokerKind.Embedded;

    /// <summary>Where the embedded broker listens. Beyond loopback it wants users.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 1883);

    /// <summary>Users of the embedded broker; none means that anybody on loopback may use it.</summary>
    public IReadOnlyList<BrokerUser> Users { get; init; } = [];

    /// <summary>Certificate and key of the embedded broker's listener; without them it speaks plain MQTT.</summary>
    public TlsFiles Tls { get; init; } = new(null, null, null);

    /// <summary>The external broker.</summary>
    public BrokerEndpoint Endpoint { get; init; } = new("127.0.0.1", 1883, false, null, null, new(null, null, null), null);

    /// <summary>Receivers of one group share the records of an external broker; empty for a single bridge.</summary>
    public string SharedGroup { get; init; } = "";

    /// <summary>Messages the external broker may have on their way to us: what a commit holds back at most.</summary>
    public int ReceiveMax { get; init; } = 1000;

    /// <summary>How long the external broker keeps our session, and with it what arrives, while we are away.</summary>
    public TimeSpan SessionKept { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Longest wait between two tries to connect; the first is <c>200ms</c>, growing, with jitter.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(30);

    public static BrokerOptions Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var d = new BrokerOptions();
        var options = section.Choice("kind", BrokerKind.Embedded) == BrokerKind.Embedded ? ReadEmbedded(section, d) : d with
        {
            Kind = BrokerKind.External,
            Endpoint = BrokerEndpoint.Read(section),
            SharedGroup = section.Text("sharedGroup", ""),
            ReceiveMax = section.Whole("receiveMax", d.ReceiveMax, 1, 65_535),
            SessionKept = section.Duration("sessionKept", d.SessionKept, TimeSpan.Zero, TimeSpan.FromDays(365)),
            ReconnectMax = section.Duration("reconnectMax", d.ReconnectMax, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        };
        if (options.SharedGroup.Length > 0 && !Identifiers.IsId(options.SharedGroup))
            section.Error("sharedGroup", options.SharedGroup, "this is no name of a group.", "Write small letters, digits and dashes.");
        section.RejectUnknown();
        return options;
    }

    static BrokerOptions ReadEmbedded(SettingsSection section, BrokerOptions d)
    {
        var users = section.List("users", UsersMax).Select(ReadUser).ToArray();
        var text = section.Text("listen", d.Listen.ToString());
        var tls = TlsFiles.Read(section);
        if (!IPEndPoint.TryParse(text, out var listen) || listen.Port == 0)
        {
            section.Error("listen", text, "this is no address and port.", $"Write an IP address and a port, such as {d.Listen}.");
            listen = d.Listen;
        }
        else if (!IPAddress.IsLoopback(listen.Address) && users.Length == 0)
            section.Error("listen", text, "this address is reachable from other machines, and the broker has no users.", $"Add users, each with a name and a passwordFile or passwordHash, or write {d.Listen}.");
        return d with { Listen = listen, Users = users, Tls = tls };
    }

    static BrokerUser ReadUser(SettingsSection section)
    {
        var name = section.Text("name", null, "Write the user's name.");
        var gateway = section.Text("gateway", "");
        if (gateway.Length > 0 && !Identifiers.IsId(gateway))
            section.Error("gateway", gateway, "this is no id of a gateway.", "Write small letters, digits and dashes, at most 64.");
        var hash = section.Text("passwordHash", "");
        var password = Secret.Read(section, "password");
        if (hash.Length > 0 && !PasswordHash.IsWellFormed(hash))
            section.Error("passwordHash", null, "this is no password hash.", "Write what edgehub-bridge hash-password prints.");
        if (hash.Length == 0 == password is null)
            section.Error("passwordHash", null, "a user needs one of passwordHash, password and passwordFile.", "Write what edgehub-bridge hash-password prints, or name a file.");
        section.RejectUnknown();
        return new BrokerUser(name, gateway.Length == 0 ? null : gateway, hash.Length == 0 ? null : hash, password);
    }
}
