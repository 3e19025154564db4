using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>A password as a configuration may hold it: <c>pbkdf2-sha256$rounds$salt$hash</c>.</summary>
public static class PasswordHash
{
    const string Scheme = "pbkdf2-sha256";
    const int Rounds = 100_000;
    const int RoundsMax = 10_000_000;
    const int SaltBytes = 16;
    const int HashBytes = 32;

    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, HashAlgorithmName.SHA256, HashBytes);
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme}${Rounds}${Convert.ToHexStringLower(salt)}${Convert.ToHexStringLower(hash)}");
    }

    public static bool IsWellFormed(string text) => TryRead(text, out _, out _, out _);

    public static bool Matches(string text, string password) =>
        TryRead(text, out var rounds, out var salt, out var hash)
        && CryptographicOperations.FixedTimeEquals(Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, hash.Length), hash);

    /// <summary>Takes as long for a near miss as for a far one.</summary>
    public static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(left)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));

    static bool TryRead(string text, out int rounds, out byte[] salt, out byte[] hash)
    {
        ArgumentNullException.ThrowIfNull(text);
        (rounds, salt, hash) = (0, [], []);
        if (text.Split('$') is not [Scheme, var count, var saltHex, { Length: 2 * HashBytes } hashHex] || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) || rounds is 0 or > RoundsMax)
            return false;
        try
        {
            (salt, hash) = (Convert.FromHexString(saltHex), Convert.FromHexString(hashHex));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
