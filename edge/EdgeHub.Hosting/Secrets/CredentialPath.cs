using EdgeHub.Hosting.Settings;

namespace EdgeHub.Hosting.Secrets;

/// <summary>
/// A path in the configuration that may be <c>credential:NAME</c>: a file that systemd has decrypted for this service alone
/// (LoadCredential=, LoadCredentialEncrypted=) under <c>$CREDENTIALS_DIRECTORY</c>.
/// </summary>
public static class CredentialPath
{
    public const string Prefix = "credential:";

    public static bool IsCredential(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>The file's path, or null and an error of the document.</summary>
    public static string? Resolve(SettingsSection section, string key, string text, string? credentialsDirectory = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        if (!IsCredential(text))
            return text;
        var directory = credentialsDirectory ?? Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");
        var name = text[Prefix.Length..];
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal) || name is "." or "..")
            section.Error(key, text, "this names no credential.", "Write credential: and the name given to LoadCredential= in the unit.");
        else if (string.IsNullOrEmpty(directory))
            section.Error(key, text, "this process has no credentials directory.", "Start it by systemd with LoadCredential= in the unit, or name a file.");
        else
            return Path.Combine(directory, name);
        return null;
    }
}
