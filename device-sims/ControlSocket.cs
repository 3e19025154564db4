using System.Net.Sockets;

namespace EdgeHub.DeviceSims;

/// <summary>The control channel on a UNIX socket: each connection sends commands, a line each, and gets an answer for each.</summary>
public static class ControlSocket
{
    private const int Backlog = 8;

    /// <summary>Serves until it is stopped.</summary>
    /// <exception cref="IOException">The socket cannot be made.</exception>
    public static async Task RunAsync(string path, Rig rig, CancellationToken stoppingToken)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(Backlog);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or UnauthorizedAccessException)
        {
            throw new IOException($"The control socket {path} cannot be made: {e.Message}", e);
        }

        try
        {
            // One connection after the other: a tester has one hand on the fault.
            while (true)
                await ServeAsync(await listener.AcceptAsync(stoppingToken), rig, stoppingToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task ServeAsync(Socket connection, Rig rig, CancellationToken stoppingToken)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        using var reader = new StreamReader(stream, leaveOpen: true);
        await using var writer = new StreamWriter(stream, leaveOpen: true);
        try
        {
            await new ControlChannel(rig, writer).RunAsync(reader, stoppingToken);
        }
        catch (IOException)
        {
            // The other end went away; the next one may come.
        }
    }
}
