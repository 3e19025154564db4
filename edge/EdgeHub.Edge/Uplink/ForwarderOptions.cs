using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Uplink;

/// <summary>What holds for every way to the city, and the ways themselves in order: sections <c>uplink</c> and <c>uplinks</c>.</summary>
public sealed record ForwarderOptions
{
    /// <summary>Ways to the city of one box.</summary>
    public const int UplinksMax = 8;

    static readonly string[] OfOneUplink = ["broker", "brokers", "user", "password", "passwordFile", "caFile", "certificateFile", "keyFile", "clientId", "name", "source", "interface", "dataBudget"];

    /// <summary>At least one; the first is preferred, the next ones stand in for it.</summary>
    public required IReadOnlyList<UplinkOptions> Uplinks { get; init; }

    public required ForwarderLimits Limits { get; init; }

    /// <summary>First part of every topic. Default <c>edgehub/v1</c>.</summary>
    public string Prefix { get; init; } = Topics.DefaultPrefix;

    /// <summary>The only store whose acks count; null: the first one seen.</summary>
    public string? StoreId { get; init; }

    /// <summary>How often the status is published while connected. Default 1 min.</summary>
    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an uplink may be without connection, or without any ack for what was sent, before the next one is taken. Default 8 s.</summary>
    public TimeSpan FailoverAfter { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a better uplink must have been connected before it is tried again. Default 5 min.</summary>
    public TimeSpan FailbackAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Reads <c>uplink</c> and <c>uplinks</c>. Without the list the one section is the one uplink; with it, the section keeps what is
    /// common to all of them. Several <c>brokers</c> of an uplink are several ways in their order.
    /// </summary>
    public static ForwarderOptions Read(SettingsSection root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var common = root.Section("uplink");
        var list = root.List("uplinks", UplinksMax);
        var uplinks = new List<UplinkOptions>();
        if (!root.Has("uplinks"))
            uplinks.AddRange(UplinkOptions.Read(common, common, "uplink"));
        foreach (var key in OfOneUplink.Where(key => root.Has("uplinks") && common.Has(key)))
        {
            common.Know(key);
            common.Error(key, null, "this belongs to one uplink, and there is a list of them.", $"Move it to uplinks[0].{key}.");
        }

        for (var i = 0; i < list.Count; i++)
        {
            uplinks.AddRange(UplinkOptions.Read(list[i], common, $"uplink{i + 1}"));
            list[i].RejectUnknown();
        }

        if (root.Has("uplinks") && list.Count == 0)
            root.Error("uplinks", null, "the list holds no uplink.", "Write at least one { \"broker\": … }, or use the section uplink.");
        if (uplinks.Count > UplinksMax)
            root.Error("uplinks", $"{uplinks.Count}", "there are too many ways to the city.", $"Keep at most {UplinksMax} brokers in all.");
        foreach (var same in uplinks.Where(uplink => uplink.Position == 0).GroupBy(uplink => uplink.Name, StringComparer.Ordinal).Where(same => same.Count() > 1))
            root.Error("uplinks", same.Key, "two uplinks have this name.", "Give each a name of its own.");
        var options = new ForwarderOptions
        {
            Uplinks = uplinks,
            Limits = ReadLimits(common),
            Prefix = ReadPrefix(common),
            StoreId = ReadStore(common),
            StatusInterval = common.Duration("statusInterval", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            FailoverAfter = common.Duration("failoverAfter", TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            FailbackAfter = common.Duration("failbackAfter", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        };
        common.RejectUnknown();
        return options;
    }

    static ForwarderLimits ReadLimits(SettingsSection section)
    {
        var defaults = new ForwarderLimits();
        return new ForwarderLimits
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
    }

    static string ReadPrefix(SettingsSection section)
    {
        var prefix = section.Text("prefix", Topics.DefaultPrefix);
        if (prefix.Length is 0 or > 128 || prefix.AsSpan().ContainsAny("+#\0") || prefix.StartsWith('/') || prefix.EndsWith('/'))
            section.Error("prefix", prefix, "this is no topic prefix.", "Write words with / between them, without + and #.");
        return prefix;
    }

    static string? ReadStore(SettingsSection section)
    {
        var store = section.Text("storeId", "");
        if (store.Length > Identifiers.LengthMax)
            section.Error("storeId", store, "this is too long for a store's id.", $"Write the id that the bridge logs on start, at most {Identifiers.LengthMax} characters.");
        return store.Length == 0 ? null : store;
    }
}
