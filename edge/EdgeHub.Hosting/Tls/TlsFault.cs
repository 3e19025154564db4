namespace EdgeHub.Hosting.Tls;

/// <summary>A named cause of a failed TLS connection, in one sentence, and what to do about it in another.</summary>
public sealed record TlsFault(TlsFaultKind Kind, string Sentence, string Fix)
{
    public override string ToString() => $"{Sentence} {Fix}";
}
