using EdgeHub.Hosting.Secrets;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Hosting.Tls;

/// <summary>A broker, how to reach it and who to be there.</summary>
/// <param name="UseTls">True for <c>mqtts://</c>.</param>
/// <param name="User">Null when the broker is asked for nothing.</param>
/// <param name="ClientId">Null: the caller has an id of its own.</param>
public sealed record BrokerEndpoint(string Host, int Port, bool UseTls, string? User, Secret? Password, TlsFiles Tls, string? ClientId)
{
    public const string DefaultBroker = "mqtt://127.0.0.1:1883";

    const int PortPlain = 1883;
    const int PortTls = 8883;
    const int ClientIdLengthMax = 128;
    const string BrokerFix = "Write mqtt://host:1883 or mqtts://host:8883.";

    /// <summary>
    /// Reads <c>broker</c>, <c>user</c>, <c>password</c> or <c>passwordFile</c>, <c>caFile</c>, <c>certificateFile</c>, <c>keyFile</c>
    /// and <c>clientId</c> of <paramref name="section"/>.
    /// </summary>
    public static BrokerEndpoint Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Read(section, [Address(section, "broker", section.Text("broker", DefaultBroker, BrokerFix))])[0];
    }

    /// <summary>The same for a section that may name several <c>brokers</c> instead of one <c>broker</c>; all else they share.</summary>
    public static IReadOnlyList<BrokerEndpoint> ReadAll(SettingsSection section, int countMax)
    {
        ArgumentNullException.ThrowIfNull(section);
        var several = section.Texts("brokers", countMax);
        if (several.Count == 0)
            return [Read(section)];
        if (section.Has("broker"))
            section.Error("brokers", null, "broker and brokers both name where to go.", "Keep brokers, with broker's address as its first.");
        return Read(section, [.. several.Select((text, i) => Address(section, $"brokers[{i}]", text))]);
    }

    static BrokerEndpoint[] Read(SettingsSection section, (string Host, int Port, bool UseTls)[] addresses)
    {
        var user = section.Text("user", "");
        var password = Secret.Read(section, "password");
        if (user.Length == 0 && password is not null)
            section.Error("user", null, "there is a password and no user.", "Write the user that the password belongs to.");
        var tls = TlsFiles.Read(section);
        if (!addresses.All(address => address.UseTls) && !tls.IsEmpty)
            section.Error("broker", null, "certificates are configured and the broker is reached without TLS.", "Write mqtts:// or remove caFile, certificateFile and keyFile.");
        var clientId = section.Text("clientId", "");
        if (clientId.Length > ClientIdLengthMax)
            section.Error("clientId", clientId, "this client id is too long.", $"Write at most {ClientIdLengthMax} characters.");
        return [.. addresses.Select(address => new BrokerEndpoint(address.Host, address.Port, address.UseTls, user.Length == 0 ? null : user, password, tls, clientId.Length == 0 ? null : clientId))];
    }

    /// <summary>The address without user or password.</summary>
    public override string ToString() => $"{(UseTls ? "mqtts" : "mqtt")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";

    static (string Host, int Port, bool UseTls) Address(SettingsSection section, string key, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("mqtt" or "mqtts") || uri.Host.Length == 0 || uri.AbsolutePath is not ("" or "/") || uri.Query.Length > 0)
            section.Error(key, uri?.UserInfo is { Length: > 0 } ? null : text, "this is no broker's address.", BrokerFix);
        else if (uri.UserInfo.Length > 0)
            section.Error(key, null, "the address holds a user or a password.", "Write them as user and passwordFile.");
        else
            return (uri.DnsSafeHost, uri.Port > 0 ? uri.Port : uri.Scheme == "mqtts" ? PortTls : PortPlain, uri.Scheme == "mqtts");
        return ("127.0.0.1", PortPlain, false);
    }
}
