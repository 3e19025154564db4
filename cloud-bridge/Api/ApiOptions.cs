using System.Net;
using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Tls;

namespace EdgeHub.CloudBridge.Api;

/// <summary>Where the platform asks, and who may.</summary>
public sealed record ApiOptions
{
    public const int DefaultPort = 9466;

    const int KeysMax = 1000;

    /// <summary>Address and port; beyond loopback it wants keys. Port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>Certificate and key of the listener; without them it speaks plain HTTP.</summary>
    public TlsFiles Tls { get; init; } = new(null, null, null);

    /// <summary>Without any, whoever is on this machine may ask for everything.</summary>
    public IReadOnlyList<ApiKey> Keys { get; init; } = [];

    /// <summary>Requests a second of one key, in the long run.</summary>
    public int Rate { get; init; } = 20;

    /// <summary>Requests of one key at once.</summary>
    public int Burst { get; init; } = 100;

    /// <summary>Live feeds at once.</summary>
    public int LiveMax { get; init; } = 200;

    /// <summary>Reads <c>api</c>: <c>listen</c>, <c>certificateFile</c>, <c>keyFile</c>, <c>keys</c>, <c>rate</c>, <c>burst</c>, <c>liveMax</c>. Null without such a section: then nobody is answered.</summary>
    public static ApiOptions? Read(SettingsSection root)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (!root.Has("api"))
        {
            root.Know("api");
            return null;
        }

        var section = root.Section("api");
        var d = new ApiOptions();
        var options = d with
        {
            Tls = TlsFiles.Read(section),
            Keys = [.. section.List("keys", KeysMax).Select(ApiKey.Read)],
            Rate = section.Whole("rate", d.Rate, 1, 10_000),
            Burst = section.Whole("burst", d.Burst, 1, 100_000),
            LiveMax = section.Whole("liveMax", d.LiveMax, 0, 10_000),
        };
        options = options with { Listen = ReadListen(section, d.Listen, options.Keys.Count) };
        foreach (var twice in options.Keys.GroupBy(key => key.Name, StringComparer.Ordinal).Where(same => same.Count() > 1))
            section.Error("keys", twice.Key, "two keys have this name.", "Give each a name of its own: logs and limits go by it.");
        section.RejectUnknown();
        return options;
    }

    static IPEndPoint ReadListen(SettingsSection section, IPEndPoint fallback, int keys)
    {
        var text = section.Text("listen", fallback.ToString());
        // IPEndPoint.Parse takes an address without a port for port 0.
        if (!IPEndPoint.TryParse(text, out var listen) || !text.EndsWith($":{listen.Port}", StringComparison.Ordinal))
        {
            section.Error("listen", text, "this is no address and port.", $"Write an IP address and a port, such as {fallback}.");
            return fallback;
        }

        if (!IPAddress.IsLoopback(listen.Address) && keys == 0)
            section.Error("listen", text, "this address is reachable from other machines, and there are no keys.", $"Add keys (edgehub-bridge key new --name NAME prints one and its line for the configuration), or write {fallback}.");
        return listen;
    }
}
