using System.Net;
using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Tls;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Uplink;

/// <summary>One way to the city: a broker, who to be there, and where to leave the box from.</summary>
public sealed record UplinkOptions
{
    const int BrokersMax = 4;

    /// <summary>What status and log call it, such as <c>wan</c> or <c>lte</c>.</summary>
    public string Name { get; init; } = "uplink";

    /// <summary>Which of the uplink's brokers this is, from 0.</summary>
    public int Position { get; init; }

    public required BrokerEndpoint Broker { get; init; }

    /// <summary>The local address to leave from; null: as the routes say.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The network interface whose address to leave from, looked up for each connection; null: as the routes say.</summary>
    public string? Interface { get; init; }

    /// <summary>How much may travel in a day or a month; null: as much as there is.</summary>
    public DataAllowance? DataBudget { get; init; }

    /// <summary>A dead link is found within twice this. Default 20 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(20);

    public UplinkProtocol Protocol { get; init; } = UplinkProtocol.Auto;

    /// <summary>First and longest wait before a new connection. Default 1 s and 1 min.</summary>
    public TimeSpan ReconnectDelayFirst { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan ReconnectDelayMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>First wait after another client took this session over; it doubles up to <see cref="TakeOverDelayMax"/>. Default 30 s.</summary>
    public TimeSpan TakeOverDelayFirst { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Default 10 min. A twin that waits comes back within this.</summary>
    public TimeSpan TakeOverDelayMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A connection that lived shorter counts as a failed attempt. Default 10 s.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The ways of <paramref name="section"/>, one for each broker; what it does not say is taken from <paramref name="common"/>.</summary>
    public static IReadOnlyList<UplinkOptions> Read(SettingsSection section, SettingsSection common, string name)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(common);
        name = section.Text("name", name);
        if (!Identifiers.IsId(name))
            section.Error("name", name, "this is no name of an uplink.", "Write small letters, digits and dashes, such as wan or lte.");
        var brokers = BrokerEndpoint.ReadAll(section, BrokersMax);
        var first = new UplinkOptions
        {
            Name = name,
            Broker = brokers[0],
            Source = ReadSource(section),
            Interface = section.Text("interface", "") is { Length: > 0 } device ? device : null,
            DataBudget = DataAllowance.Read(section, "dataBudget"),
            KeepAlive = Duration(section, common, "keepAlive", TimeSpan.FromSeconds(20)),
            Protocol = section.Has("protocol") ? section.Choice("protocol", UplinkProtocol.Auto) : common.Choice("protocol", UplinkProtocol.Auto),
            ReconnectDelayMax = Duration(section, common, "reconnectDelayMax", TimeSpan.FromMinutes(1)),
            TakeOverDelayMax = Duration(section, common, "takeOverDelayMax", TimeSpan.FromMinutes(10)),
        };
        if (first.Source is not null && first.Interface is not null)
            section.Error("interface", first.Interface, "source names the place to leave from already.", "Keep one of the two.");
        return [.. brokers.Select((broker, i) => first with { Position = i, Broker = broker })];
    }

    static TimeSpan Duration(SettingsSection section, SettingsSection common, string key, TimeSpan fallback) =>
        (section.Has(key) ? section : common).Duration(key, fallback, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    static IPAddress? ReadSource(SettingsSection section)
    {
        var text = section.Text("source", "");
        if (text.Length == 0)
            return null;
        if (!IPAddress.TryParse(text, out var address))
            section.Error("source", text, "this is no address of this box.", "Write an IP address that one of its network interfaces has, or name the interface.");
        return address;
    }
}
