using EdgeHub.Hosting.Secrets;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Hosting.Tls;

/// <summary>Where a client's TLS material lies, all PEM. Without <paramref name="CaFile"/> the system's authorities are trusted.</summary>
/// <param name="CaFile">The one authority (or several) that may sign the server's certificate.</param>
/// <param name="CertificateFile">The own certificate, intermediates after it.</param>
/// <param name="KeyFile">Its private key, not encrypted: the credential store of the service manager guards it.</param>
public sealed record TlsFiles(string? CaFile, string? CertificateFile, string? KeyFile)
{
    public bool IsEmpty => CaFile is null && CertificateFile is null && KeyFile is null;

    public static TlsFiles Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var files = new TlsFiles(ReadPath(section, "caFile"), ReadPath(section, "certificateFile"), ReadPath(section, "keyFile"));
        if (files.CertificateFile is not null && files.KeyFile is null)
            section.Error("keyFile", null, "the certificate has no key.", "Name the PEM file of its private key.");
        if (files.KeyFile is not null && files.CertificateFile is null)
            section.Error("certificateFile", null, "the key has no certificate.", "Name the PEM file of its certificate.");
        return files;
    }

    static string? ReadPath(SettingsSection section, string key)
    {
        var text = section.Text(key, "");
        if (text.Length == 0 || CredentialPath.Resolve(section, key, text) is not { } path)
            return null;
        if (!File.Exists(path))
            section.Error(key, text, "there is no such file, or this user may not see it.", "Name an existing PEM file, or credential:NAME.");
        return path;
    }
}
