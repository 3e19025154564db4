using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace EdgeHub.Hosting.Status;

/// <summary>Who asks over the local socket, as the kernel knows it: for the log of what was changed by whom.</summary>
/// <param name="Process">Its id when it connected.</param>
/// <param name="User">The user's number.</param>
public readonly record struct LocalPeer(int Process, uint User)
{
    const int SocketLevel = 1; // asm-generic/socket.h: SOL_SOCKET
    const int PeerCredentials = 17; // SO_PEERCRED
    const int CredentialBytes = 12; // struct ucred: pid, uid, gid
    const string UserFile = "/etc/passwd";

    /// <summary>Null where the request did not come over a local socket.</summary>
    public static LocalPeer? Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.Unix } socket)
            return null;
        Span<byte> credentials = stackalloc byte[CredentialBytes];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return new LocalPeer(BitConverter.ToInt32(credentials), BitConverter.ToUInt32(credentials[4..]));
    }

    public override string ToString() => $"{Name()} (user {User}, process {Process})";

    string Name()
    {
        var number = User.ToString(CultureInfo.InvariantCulture);
        if (File.Exists(UserFile))
            foreach (var line in File.ReadLines(UserFile))
                if (line.Split(':') is [var name, _, var id, ..] && id == number)
                    return name;
        return "somebody";
    }
}
