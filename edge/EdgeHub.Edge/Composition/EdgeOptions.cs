using EdgeHub.Hosting.Http;
using EdgeHub.Hosting.Logging;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Composition;

/// <summary>The whole of <c>edgehub.json</c>. Each room reads its own section; here they only meet.</summary>
sealed record EdgeOptions
{
    public required GatewayOptions Gateway { get; init; }

    /// <summary>Everything the daemon writes lies under it.</summary>
    public required string DataDirectory { get; init; }

    public required HttpOptions Http { get; init; }

    public required LogOptions Log { get; init; }

    public int SensorCount { get; init; }

    /// <summary>What <c>check</c> says the daemon would do.</summary>
    public string Summary =>
        $"Gateway {Gateway.Id} at {Gateway.Area}/{Gateway.Site} would read {(SensorCount == 0 ? "no sensors (none are configured)" : $"{SensorCount} sensors")}, record to {DataDirectory} and answer on http://{Http.Listen}.";

    public static EdgeOptions Read(SettingsDocument document, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(environment);
        var root = document.Root;
        var options = new EdgeOptions
        {
            Gateway = GatewayOptions.Read(root.Section("gateway")),
            DataDirectory = Path.GetFullPath(root.Text("dataDirectory", DefaultDataDirectory(environment))),
            Http = HttpOptions.Read(root.Section("http"), HttpOptions.EdgePort),
            Log = LogOptions.Read(root.Section("log")),
            SensorCount = root.List("sensors", SensorsMax).Count,
        };
        _ = root.Section("spool");
        _ = root.Section("uplink");
        root.RejectUnknown();
        return options;
    }

    /// <summary>A box has ports for some dozens; a longer list is a mistake.</summary>
    const int SensorsMax = 256;

    // The service manager names the directory that it made; a person who just tries the daemon gets one in the home directory.
    static string DefaultDataDirectory(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.TryGetValue("STATE_DIRECTORY", out var state) && state.Length > 0)
            return state.Split(':')[0];
        return Environment.IsPrivilegedProcess || !environment.TryGetValue("HOME", out var home) || home.Length == 0 ? "/var/lib/edgehub" : Path.Combine(home, ".local/state/edgehub");
    }
}
