using EdgeHub.Hosting.Settings;

namespace EdgeHub.Hosting.Secrets;

/// <summary>
/// A password or token. It prints as <c>(secret)</c>, so that it cannot reach a log by accident; <see cref="Reveal"/> is
/// called only where it leaves for the server.
/// </summary>
public sealed class Secret(string value)
{
    const int FileBytesMax = 64 << 10;

    public string Reveal() => value;

    public override string ToString() => "(secret)";

    /// <summary>
    /// Reads <paramref name="key"/> (meant for an environment override) or the file named by <c>{key}File</c>; either may be
    /// <c>credential:NAME</c>, a systemd credential. Null when neither is given, or when it cannot be read: that is then an error
    /// of the document. The value itself is in no error.
    /// </summary>
    public static Secret? Read(SettingsSection section, string key, string? credentialsDirectory = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        var fileKey = key + "File";
        var (value, file) = (section.Text(key, ""), section.Text(fileKey, ""));
        if (value.Length > 0 && file.Length > 0)
            section.Error(key, null, $"both {key} and {fileKey} are given.", $"Keep {fileKey} and remove {key}.");
        if (CredentialPath.IsCredential(value))
            (fileKey, file) = (key, value);
        else if (value.Length > 0)
            return new Secret(value);
        return file.Length == 0 ? null : ReadFile(section, fileKey, file, credentialsDirectory);
    }

    static Secret? ReadFile(SettingsSection section, string key, string file, string? credentialsDirectory)
    {
        if (CredentialPath.Resolve(section, key, file, credentialsDirectory) is not { } path)
            return null;
        try
        {
            if (new FileInfo(path).Length > FileBytesMax)
            {
                section.Error(key, file, "this file is too large for a secret.", $"Name a file of at most {FileBytesMax} bytes that holds only the secret.");
                return null;
            }

            var text = File.ReadAllText(path).TrimEnd('\r', '\n');
            if (text.Length > 0)
                return new Secret(text);
            section.Error(key, file, "this file is empty.", "Write the secret into it, on one line.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            section.Error(key, file, $"this file cannot be read: {e.Message}", "Name a file that the service's user may read, or credential:NAME.");
        }

        return null;
    }
}
