using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Api;

/// <summary>
/// Who may ask. The configuration holds only the SHA-256 of a key: 256 random bits need no slow hash, and a request costs a microsecond.
/// </summary>
/// <param name="Area">County, street, community, or a beginning of it; empty for the whole city.</param>
/// <param name="Hash">SHA-256 of the key's text.</param>
public sealed record ApiKey(string Name, ApiRole Role, string Area, ReadOnlyMemory<byte> Hash)
{
    /// <summary>What every key begins with, so that scanners for leaked secrets know one when they see it.</summary>
    public const string Prefix = "ehk_";

    const int SecretBytes = 32;
    const string Scheme = "sha256:";

    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>A new key, and what the configuration says of it.</summary>
    public static (string Key, string Hash) New()
    {
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        return (key, Scheme + Convert.ToHexStringLower(HashOf(key)));
    }

    /// <summary>Whose key this is, or null. Takes as long for a near miss as for a far one, whichever key it is near.</summary>
    public static ApiKey? Find(IReadOnlyList<ApiKey> keys, string presented)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var hash = HashOf(presented);
        ApiKey? found = null;
        foreach (var key in keys)
            if (CryptographicOperations.FixedTimeEquals(key.Hash.Span, hash))
                found = key;
        return found;
    }

    public static ApiKey Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var name = section.Text("name", null, "Write whose key it is.");
        if (name.Length > 0 && !Identifiers.IsId(name))
            section.Error("name", name, "this is no name of a key.", "Write small letters, digits and dashes, at most 64.");
        var role = section.Choice("role", ApiRole.Reader);
        var area = section.Text("area", "");
        if (!IsArea(area))
            section.Error("area", area, "this is no area.", "Write a county, county/street or county/street/community, such as 330106/005; leave it out for the whole city.");
        var text = section.Text("hash", null, "Write what edgehub-bridge key new prints.");
        byte[] hash = [];
        if (text.StartsWith(Scheme, StringComparison.Ordinal) && text.Length == Scheme.Length + (2 * SHA256.HashSizeInBytes) && !text.AsSpan(Scheme.Length).ContainsAnyExcept(HexDigits))
            hash = Convert.FromHexString(text[Scheme.Length..]);
        else if (text.Length > 0)
            section.Error("hash", null, text.StartsWith(Prefix, StringComparison.Ordinal) ? "this is the key itself." : "this is no hash of a key.", "Write the sha256:… that edgehub-bridge key new prints; give the key to its user alone.");
        section.RejectUnknown();
        return new ApiKey(name, role, area, hash);
    }

    /// <summary>One to three levels without separators and wildcards, or nothing.</summary>
    public static bool IsArea(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 || (text.Length <= Identifiers.LengthMax && text.Split('/') is { Length: <= 3 } levels && Array.TrueForAll(levels, level => level.Length > 0 && level.All(char.IsAsciiLetterOrDigit)));
    }

    static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
