using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Publish;
using EdgeHub.CloudBridge.Store;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge;

/// <summary>Everything <c>edgehub-bridge.json</c> says; without a file the defaults run.</summary>
public sealed record BridgeOptions(string DataDirectory, string Prefix, BrokerOptions Broker, StoreOptions Store, IntakeOptions Intake, PublishOptions Publish)
{
    /// <summary>Variables that begin so are laid over the file: <c>EDGEHUB_BRIDGE__BROKER__LISTEN=…</c>.</summary>
    public const string EnvironmentPrefix = "EDGEHUB_BRIDGE__";

    /// <summary>Reads the whole document; what is wrong is in its errors.</summary>
    public static BridgeOptions Read(SettingsDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var root = document.Root;
        var directory = root.Text("dataDirectory", "data");
        var options = new BridgeOptions(
            directory,
            root.Text("prefix", Topics.DefaultPrefix).Trim('/'),
            BrokerOptions.Read(root.Section("broker")),
            StoreOptions.Read(root.Section("store"), directory),
            IntakeOptions.Read(root.Section("intake")),
            PublishOptions.Read(root.Section("publish")));
        if (options.Prefix.Length is 0 or > 256 || options.Prefix.AsSpan().ContainsAny("+#\0"))
            root.Error("prefix", options.Prefix, "this is no topic prefix.", $"Write levels without + and #, for example {Topics.DefaultPrefix}.");
        root.RejectUnknown();
        return options;
    }
}
