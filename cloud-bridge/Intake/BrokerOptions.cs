using System.Globalization;
using System.Net;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>Where the messages come from: a broker inside the bridge, or the one at <see cref="Url"/>.</summary>
public sealed record BrokerOptions
{
    /// <summary>Where the embedded broker listens. Beyond loopback it wants users.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 1883);

    /// <summary>An external broker, <c>mqtt://host:port</c>; null for the embedded one.</summary>
    public Uri? Url { get; init; }

    public static BrokerOptions Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var d = new BrokerOptions();
        var options = new BrokerOptions
        {
            Listen = ReadListen(section, d.Listen),
        };
        section.RejectUnknown();
        return options;
    }

    static IPEndPoint ReadListen(SettingsSection section, IPEndPoint fallback)
    {
        var text = section.Text("listen", fallback.ToString());
        if (IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0)
            return endpoint;
        section.Error("listen", text, "this is no address to listen on.", string.Create(CultureInfo.InvariantCulture, $"Write an address and a port, for example {fallback}."));
        return fallback;
    }
}
