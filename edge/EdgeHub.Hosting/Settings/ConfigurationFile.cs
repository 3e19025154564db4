using System.Collections;

namespace EdgeHub.Hosting.Settings;

/// <summary>Where a program finds its configuration: the command line, a variable, its place under /etc, else the defaults; and its overrides in the environment.</summary>
public sealed record ConfigurationFile(string Variable, string InstalledPath, string Prefix)
{
    public static ConfigurationFile Edge { get; } = new("EDGEHUB_CONFIG", "/etc/edgehub/edgehub.json", "EDGEHUB__");

    public static ConfigurationFile Bridge { get; } = new("EDGEHUB_BRIDGE_CONFIG", "/etc/edgehub/edgehub-bridge.json", "EDGEHUB_BRIDGE__");

    /// <summary>The environment of this process as every reader here takes it.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    /// <summary>The file that <see cref="Load"/> reads; null means the defaults.</summary>
    public string? Find(string? fromCommandLine, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (fromCommandLine is not null)
            return fromCommandLine;
        if (environment.TryGetValue(Variable, out var named) && named.Length > 0)
            return named;
        return File.Exists(InstalledPath) ? InstalledPath : null;
    }

    /// <summary>Reads the file that was found, or the defaults, with the environment laid over it.</summary>
    public SettingsDocument Load(string? fromCommandLine, IReadOnlyDictionary<string, string> environment) => Find(fromCommandLine, environment) is { } path
        ? SettingsDocument.Load(path, Prefix, environment)
        : SettingsDocument.FromText("{}", "defaults", Prefix, environment);
}
