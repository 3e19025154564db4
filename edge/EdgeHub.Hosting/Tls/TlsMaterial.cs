using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeHub.Hosting.Tls;

/// <summary>
/// Loaded TLS material of one client and its judgement of the server: exactly the configured authority is trusted, and what is
/// refused is refused with a name. Load it anew for each connection: renewed files then count without a restart.
/// </summary>
public sealed class TlsMaterial : IDisposable
{
    readonly TimeProvider time;
    readonly X509Certificate2Collection authorities;
    readonly X509Certificate2Collection own;

    TlsMaterial(TimeProvider time, X509Certificate2Collection authorities, X509Certificate2Collection own)
    {
        this.time = time;
        this.authorities = authorities;
        this.own = own;
    }

    /// <summary>The own certificate first, then its intermediates; empty when none is configured.</summary>
    public X509Certificate2Collection ClientCertificates => own;

    /// <summary>Why the last server certificate was refused; null when it was not.</summary>
    public TlsFault? ServerFault { get; private set; }

    /// <summary>The material, or null and the fault: a missing, unreadable or ill-fitting file.</summary>
    public static TlsMaterial? Load(TlsFiles files, TimeProvider time, out TlsFault? fault)
    {
        ArgumentNullException.ThrowIfNull(files);
        X509Certificate2Collection authorities = [], own = [];
        var at = files.CaFile ?? "";
        fault = null;
        try
        {
            if (files.CaFile is { } caFile)
            {
                authorities.ImportFromPemFile(caFile);
                if (authorities.Count == 0)
                    throw new CryptographicException("it holds no certificate");
            }

            if (files is { CertificateFile: { } certificateFile, KeyFile: { } keyFile })
            {
                at = $"{certificateFile} with {keyFile}";
                own.Add(X509Certificate2.CreateFromPemFile(certificateFile, keyFile));
                X509Certificate2Collection all = [];
                all.ImportFromPemFile(certificateFile);
                foreach (var intermediate in all.Skip(1))
                    own.Add(intermediate);
            }

            return new TlsMaterial(time, authorities, own);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            fault = new TlsFault(TlsFaultKind.UnusableFile, $"{at} cannot be used: {e.Message}.", "Put a PEM certificate and its unencrypted PEM key there, readable by the service's user.");
            return null;
        }
    }

    /// <summary>Sets the client certificate and the check of the server on options of any TLS client.</summary>
    public void Apply(SslClientAuthenticationOptions options, string host)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (own.Count > 0)
            options.ClientCertificateContext = SslStreamCertificateContext.Create(own[0], own, offline: true);
        options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => CheckServer(certificate as X509Certificate2, chain, errors, host);
    }

    /// <summary>Whether the server is who it should be; if not, <see cref="ServerFault"/> says why.</summary>
    public bool CheckServer(X509Certificate2? certificate, X509Chain? offered, SslPolicyErrors errors, string host)
    {
        ServerFault = certificate is null
            ? new TlsFault(TlsFaultKind.UnknownAuthority, $"{host} shows no certificate.", "Give the server a certificate of the city's authority.")
            : CheckDates(certificate, host) ?? CheckAuthority(certificate, offered, errors, host) ?? CheckName(certificate, errors, host);
        return ServerFault is null;
    }

    /// <summary>What is wrong with the own certificate just now; null when nothing is, or when there is none.</summary>
    public TlsFault? CheckOwn()
    {
        if (own.Count == 0)
            return null;
        var now = time.GetUtcNow();
        if (now > Utc(own[0].NotAfter))
            return new TlsFault(TlsFaultKind.OwnExpired, $"The own certificate {Describe(own[0])} expired on {Day(own[0].NotAfter)}; it is {Day(now.UtcDateTime)} here.", "Renew certificateFile and keyFile.");
        return now < Utc(own[0].NotBefore)
            ? new TlsFault(TlsFaultKind.OwnNotYetValid, $"The own certificate {Describe(own[0])} is valid from {Day(own[0].NotBefore)}; it is {Day(now.UtcDateTime)} here.", "Set the clock of this machine, or wait for that day.")
            : null;
    }

    /// <summary>
    /// The most likely cause of a connection that failed while TLS was set up. With TLS 1.3 a client whose certificate is refused
    /// sees only a lost connection, so the own dates are looked at before the other side is blamed.
    /// </summary>
    public TlsFault Explain(string host, bool handshakeDone)
    {
        if (ServerFault is { } known)
            return known;
        if (CheckOwn() is { } stale)
            return stale;
        if (!handshakeDone)
            return new TlsFault(TlsFaultKind.NoTls, $"{host} does not complete a TLS handshake.", "Check that the port is the server's TLS port and that it speaks TLS 1.2 or 1.3.");
        return own.Count == 0
            ? new TlsFault(TlsFaultKind.Refused, $"{host} ended the connection right after the TLS handshake; most likely it demands a client certificate and none is configured.", "Set certificateFile and keyFile.")
            : new TlsFault(TlsFaultKind.Refused, $"{host} ended the connection right after the TLS handshake; most likely it does not accept the certificate {Describe(own[0])}.", "Have the certificate issued by the authority that the server trusts, and check that it is not revoked.");
    }

    public void Dispose()
    {
        foreach (var certificate in authorities.Concat(own))
            certificate.Dispose();
    }

    TlsFault? CheckDates(X509Certificate2 certificate, string host)
    {
        var now = time.GetUtcNow();
        if (now > Utc(certificate.NotAfter))
            return new TlsFault(TlsFaultKind.Expired, $"The certificate of {host} expired on {Day(certificate.NotAfter)}; it is {Day(now.UtcDateTime)} here.", "Renew the server's certificate, or set the clock of this machine if it is wrong.");
        return now < Utc(certificate.NotBefore)
            ? new TlsFault(TlsFaultKind.NotYetValid, $"The certificate of {host} is valid from {Day(certificate.NotBefore)}; it is {Day(now.UtcDateTime)} here.", "Set the clock of this machine; if it is right, the server's certificate came too early.")
            : null;
    }

    TlsFault? CheckAuthority(X509Certificate2 certificate, X509Chain? offered, SslPolicyErrors errors, string host)
    {
        var trusted = authorities.Count == 0 ? (errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0 : IsFromAuthorities(certificate, offered);
        return trusted
            ? null
            : new TlsFault(TlsFaultKind.UnknownAuthority, $"The certificate of {host} comes from {certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)}, which is not trusted here.", authorities.Count == 0 ? "Set caFile to the authority that signed it." : "Set caFile to the authority that signed it, if that server is yours.");
    }

    bool IsFromAuthorities(X509Certificate2 certificate, X509Chain? offered)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().LocalDateTime;
        if (offered is not null)
            chain.ChainPolicy.ExtraStore.AddRange(offered.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }

    static TlsFault? CheckName(X509Certificate2 certificate, SslPolicyErrors errors, string host) =>
        (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0
            ? null
            : new TlsFault(TlsFaultKind.WrongName, $"The certificate that {host} shows is for {Describe(certificate)}.", "Write the server's address as its certificate names it, or add this name to the certificate.");

    static DateTimeOffset Utc(DateTime local) => new(local.ToUniversalTime());

    static string Describe(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))).ToArray();
        return names.Length > 0 ? string.Join(", ", names.Take(8)) : certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
    }

    static string Day(DateTime moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
