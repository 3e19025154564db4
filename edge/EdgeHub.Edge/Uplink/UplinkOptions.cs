using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Tls;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Uplink;

/// <summary>One way to the city, from the section <c>uplink</c>.</summary>
public sealed record UplinkOptions
{
    public required BrokerEndpoint Broker { get; init; }

    public required ForwarderLimits Limits { get; init; }

    /// <summary>First part of every topic. Default <c>edgehub/v1</c>.</summary>
    public string Prefix { get; init; } = Topics.DefaultPrefix;

    /// <summary>The only store whose acks count; null: the first one seen.</summary>
    public string? StoreId { get; init; }

    /// <summary>A dead link is found within twice this. Default 20 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(20);

    public UplinkProtocol Protocol { get; init; } = UplinkProtocol.Auto;

    /// <summary>How often the status is published while connected. Default 1 min.</summary>
    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>First and longest wait before a new connection. Default 1 s and 1 min.</summary>
    public TimeSpan ReconnectDelayFirst { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan ReconnectDelayMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>First wait after another client took this session over; it doubles up to <see cref="TakeOverDelayMax"/>. Default 30 s.</summary>
    public TimeSpan TakeOverDelayFirst { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Default 10 min.</summary>
    public TimeSpan TakeOverDelayMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A connection that lived shorter counts as a failed attempt. Default 10 s.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    public static UplinkOptions Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var defaults = new ForwarderLimits();
        var prefix = section.Text("prefix", Topics.DefaultPrefix);
        if (prefix.Length is 0 or > 128 || prefix.AsSpan().ContainsAny("+#\0") || prefix.StartsWith('/') || prefix.EndsWith('/'))
            section.Error("prefix", prefix, "this is no topic prefix.", "Write words with / between them, without + and #.");
        var store = section.Text("storeId", "");
        if (store.Length > Identifiers.LengthMax)
            section.Error("storeId", store, "this is too long for a store's id.", $"Write the id that the bridge logs on start, at most {Identifiers.LengthMax} characters.");
        var limits = new ForwarderLimits
        {
            InFlightMax = section.Whole("inFlightMax", defaults.InFlightMax, 1, 1000),
            RecordsPerEnvelopeMax = section.Whole("recordsPerEnvelope", defaults.RecordsPerEnvelopeMax, 1, WireLimits.RecordsPerEnvelopeMax),
            BytesPerEnvelopeMax = (int)section.Bytes("bytesPerEnvelope", defaults.BytesPerEnvelopeMax, 1 << 10, WireLimits.PayloadBytesMax / 2),
            Linger = section.Duration("linger", defaults.Linger, TimeSpan.Zero, TimeSpan.FromHours(1)),
            AckTimeout = section.Duration("ackTimeout", defaults.AckTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            ResendDelayMax = section.Duration("resendDelayMax", defaults.ResendDelayMax, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            ProbeDelayMax = section.Duration("probeDelayMax", defaults.ProbeDelayMax, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            BacklogLatencyTarget = section.Duration("backlogLatencyTarget", defaults.BacklogLatencyTarget, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            BacklogEnvelopesPerSecondMax = section.Whole("backlogEnvelopesPerSecond", defaults.BacklogEnvelopesPerSecondMax, 1, 100_000),
        };
        var options = new UplinkOptions
        {
            Broker = BrokerEndpoint.Read(section),
            Limits = limits,
            Prefix = prefix,
            StoreId = store.Length == 0 ? null : store,
            KeepAlive = section.Duration("keepAlive", TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Protocol = section.Choice("protocol", UplinkProtocol.Auto),
            StatusInterval = section.Duration("statusInterval", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            ReconnectDelayMax = section.Duration("reconnectDelayMax", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
        section.RejectUnknown();
        return options;
    }
}
