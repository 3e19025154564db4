using EdgeHub.CloudBridge.Api;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Publish;
using EdgeHub.CloudBridge.Store;
using EdgeHub.Hosting.Http;
using EdgeHub.Hosting.Logging;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Composition;

/// <summary>The whole of <c>edgehub-bridge.json</c>. Each room reads its own section; here they only meet.</summary>
public sealed record BridgeOptions
{
    /// <summary>First levels of the boxes' topics.</summary>
    public required string Prefix { get; init; }

    public required BrokerOptions Broker { get; init; }

    public required StoreOptions Store { get; init; }

    public required IntakeOptions Intake { get; init; }

    public required PublishOptions Publish { get; init; }

    /// <summary>Null: the query API is off.</summary>
    public ApiOptions? Api { get; init; }

    public required HttpOptions Http { get; init; }

    public required LogOptions Log { get; init; }

    /// <summary>What <c>check</c> says the daemon would do.</summary>
    public string Summary =>
        $"The bridge would {(Broker.Kind == BrokerKind.External ? $"connect to {Broker.Endpoint}" : $"be the broker on {Broker.Listen}")}, store in {(Store.Kind == StoreKind.Postgres ? "PostgreSQL" : Store.File)}, publish under {Publish.Prefix}/ and answer on http://{Http.Listen}. {(Api is null ? "It would not serve the query API and the fleet page: add \"api\": {} for that." : $"Its query API would be on {Api.Listen}, for {(Api.Keys.Count == 0 ? "whoever is on this machine" : $"{Api.Keys.Count} keys")}.")}";

    public static BridgeOptions Read(SettingsDocument document, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(environment);
        var root = document.Root;
        var directory = Path.GetFullPath(root.Text("dataDirectory", DefaultDataDirectory(environment)));
        var options = new BridgeOptions
        {
            Prefix = root.Text("prefix", Topics.DefaultPrefix).Trim('/'),
            Broker = BrokerOptions.Read(root.Section("broker")),
            Store = StoreOptions.Read(root.Section("store"), directory),
            Intake = IntakeOptions.Read(root.Section("intake")),
            Publish = PublishOptions.Read(root.Section("publish")),
            Api = ApiOptions.Read(root),
            Http = HttpOptions.Read(root.Section("http"), HttpOptions.BridgePort),
            Log = LogOptions.Read(root.Section("log")),
        };
        if (options.Prefix.Length is 0 or > 256 || options.Prefix.AsSpan().ContainsAny("+#\0"))
            root.Error("prefix", options.Prefix, "this is no topic prefix.", $"Write levels without + and #, for example {Topics.DefaultPrefix}.");
        root.RejectUnknown();
        return options;
    }

    // The service manager names the directory that it made; a person who just tries the daemon gets one in the home directory.
    static string DefaultDataDirectory(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.TryGetValue("STATE_DIRECTORY", out var state) && state.Length > 0)
            return state.Split(':')[0];
        return Environment.IsPrivilegedProcess || !environment.TryGetValue("HOME", out var home) || home.Length == 0 ? "/var/lib/edgehub-bridge" : Path.Combine(home, ".local/state/edgehub-bridge");
    }
}
