using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Http;
using EdgeHub.Hosting.Logging;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Composition;

/// <summary>The whole of <c>edgehub.json</c>. Each room reads its own section; here they only meet.</summary>
sealed record EdgeOptions
{
    /// <summary>A record, less what its opening takes.</summary>
    const int CatalogBytesMax = WireLimits.RecordBytesMax - 1024;

    public required GatewayOptions Gateway { get; init; }

    /// <summary>Everything the daemon writes lies under it.</summary>
    public required string DataDirectory { get; init; }

    public required SensorsOptions Sensors { get; init; }

    public required SpoolOptions Spool { get; init; }

    public required ForwarderOptions Forwarder { get; init; }

    public required HttpOptions Http { get; init; }

    public required LogOptions Log { get; init; }

    /// <summary>What <c>check</c> says the daemon would do.</summary>
    public string Summary =>
        $"Gateway {Gateway.Id} at {(Gateway.Area.Length == 0 ? "" : Gateway.Area + "/")}{Gateway.Site} would read {(Sensors.Sensors.Count == 0 ? "no sensors (none are configured)" : $"{Sensors.Sensors.Count} sensors")}, record to {Spool.Directory}, forward to {string.Join(", else ", Forwarder.Uplinks.Select(uplink => uplink.Broker))} and answer on http://{Http.Listen}.";

    public static EdgeOptions Read(SettingsDocument document, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(environment);
        var root = document.Root;
        var data = Path.GetFullPath(root.Text("dataDirectory", DefaultDataDirectory(environment)));
        var options = new EdgeOptions
        {
            Gateway = GatewayOptions.Read(root.Section("gateway")),
            DataDirectory = data,
            Sensors = SensorsOptions.Read(root),
            Spool = ReadSpool(root.Section("spool"), data),
            Forwarder = ForwarderOptions.Read(root),
            Http = HttpOptions.Read(root.Section("http"), HttpOptions.EdgePort),
            Log = LogOptions.Read(root.Section("log")),
        };
        root.RejectUnknown();
        if (options.Catalog().CalculateSize() is > CatalogBytesMax and var bytes)
            root.Error("sensors", null, $"their catalog would have {bytes} bytes, and a record holds {CatalogBytesMax}.", "Shorten site, model and classification, or share the sensors out to two boxes.");
        return options;
    }

    /// <summary>What the streams of this configuration are.</summary>
    public Catalog Catalog() => SensorCatalog.Build(Sensors.Sensors, Gateway.Site, Gateway.Area, Gateway.Position, Gateway.Owner, Gateway.Grid);

    static SpoolOptions ReadSpool(SettingsSection section, string data)
    {
        var options = SpoolOptions.Read(section);
        return options with { Directory = section.Has("directory") ? Path.GetFullPath(options.Directory) : Path.Combine(data, "spool") };
    }

    // The service manager names the directory that it made; a person who just tries the daemon gets one in the home directory.
    static string DefaultDataDirectory(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.TryGetValue("STATE_DIRECTORY", out var state) && state.Length > 0)
            return state.Split(':')[0];
        return Environment.IsPrivilegedProcess || !environment.TryGetValue("HOME", out var home) || home.Length == 0 ? "/var/lib/edgehub" : Path.Combine(home, ".local/state/edgehub");
    }
}
