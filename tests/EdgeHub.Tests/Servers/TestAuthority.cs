using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeHub.Tests.Servers;

/// <summary>A certificate authority for one test; its files lie in a directory of its own.</summary>
sealed class TestAuthority : IDisposable
{
    static readonly TimeSpan Life = TimeSpan.FromDays(3650);

    readonly X509Certificate2 root;
    readonly string directory = Directory.CreateTempSubdirectory("edgehub-authority-").FullName;
    int issued;

    public TestAuthority(string name = "City test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var now = TimeProvider.System.GetUtcNow();
        root = request.CreateSelfSigned(now - Life, now + Life);
        CaFile = Path.Combine(directory, "ca.pem");
        File.WriteAllText(CaFile, root.ExportCertificatePem());
    }

    public string CaFile { get; }

    /// <summary>A certificate for a host name or address, or for a client, valid from yesterday until tomorrow.</summary>
    public (string CertificateFile, string KeyFile) Issue(string name) => Issue(name, TimeSpan.FromDays(-1), TimeSpan.FromDays(1));

    /// <summary>The same, valid between two moments relative to now.</summary>
    public (string CertificateFile, string KeyFile) Issue(string name, TimeSpan from, TimeSpan to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(root, now + from, now + to, RandomNumberGenerator.GetBytes(8));
        var number = ++issued;
        var (certificateFile, keyFile) = (Path.Combine(directory, $"{number}.pem"), Path.Combine(directory, $"{number}.key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    public void Dispose()
    {
        root.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
