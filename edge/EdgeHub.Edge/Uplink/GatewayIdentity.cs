using System.Security.Cryptography;
using System.Text;

namespace EdgeHub.Edge.Uplink;

/// <summary>The id of a box that was given none: <c>gw-</c> and 12 hex digits that stay for the life of the installation.</summary>
public static class GatewayIdentity
{
    public const string MachineIdFile = "/etc/machine-id";

    const int HexDigits = 12;

    /// <summary>
    /// Null where the machine has no id. machine-id(5) asks that the id itself be told to nobody: only its hash leaves the box.
    /// </summary>
    public static string? Default(string machineIdFile = MachineIdFile)
    {
        try
        {
            var id = File.ReadAllText(machineIdFile).Trim();
            return id.Length < 16 ? null : "gw-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"edgehub gateway {id}")))[..HexDigits];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
