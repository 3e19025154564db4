namespace EdgeHub.Hosting.Tls;

/// <summary>Why a TLS connection does not come about, seen from the client.</summary>
public enum TlsFaultKind
{
    /// <summary>The server's certificate has expired.</summary>
    Expired,

    /// <summary>The server's certificate is not valid yet; often the own clock is wrong.</summary>
    NotYetValid,

    /// <summary>The server's certificate does not come from the authority that is trusted here.</summary>
    UnknownAuthority,

    /// <summary>The server's certificate is for another name.</summary>
    WrongName,

    /// <summary>The own certificate has expired.</summary>
    OwnExpired,

    /// <summary>The own certificate is not valid yet.</summary>
    OwnNotYetValid,

    /// <summary>A file with an authority, a certificate or a key cannot be read or does not fit.</summary>
    UnusableFile,

    /// <summary>The server ended the handshake; it most likely wants a client certificate, or another one.</summary>
    Refused,

    /// <summary>The other side does not speak TLS, or no version that is spoken here.</summary>
    NoTls,
}
