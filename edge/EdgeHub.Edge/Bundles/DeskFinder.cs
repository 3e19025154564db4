using System.Net.Sockets;
using EdgeHub.Edge.Composition;
using EdgeHub.Edge.Spool;
using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Status;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Bundles;

/// <summary>Finds the desk: the daemon's when it runs, else the spool under its lock.</summary>
static class DeskFinder
{
    /// <exception cref="IOException">Neither can be had; the message says why and what to do.</exception>
    public static ISpoolDesk Open(string? config, IReadOnlyDictionary<string, string> environment, TimeProvider time, ILoggerFactory logs)
    {
        var socket = EdgeSocket.Find(config, environment);
        switch (Connect(socket))
        {
            case SocketError.Success:
                return new DaemonDesk(socket);
            case SocketError.AccessDenied:
                throw new IOException($"This user may not open {socket}: run as root, or join the group with: sudo usermod -aG {StatusSocket.GroupName} $USER, and log in again.");
        }

        var document = ConfigurationFile.Edge.Load(config, environment);
        var options = EdgeOptions.Read(document, environment);
        if (document.Errors.Count > 0)
            throw new IOException($"edgehub does not run, and its configuration has errors: {document.Errors[0]}");
        return OpenOffline(options, time, logs);
    }

    static OfflineDesk OpenOffline(EdgeOptions options, TimeProvider time, ILoggerFactory logs)
    {
        var directory = options.Spool.Directory;
        if (!Directory.Exists(directory))
            throw new IOException($"edgehub does not run, and there is no spool in {directory}: name the configuration with --config.");
        // What another user writes there the daemon could not open afterwards.
        if (SpoolLock.OwnerOf(directory) is { } owner && owner != SpoolLock.User)
            throw new IOException($"edgehub does not run, and the spool in {directory} belongs to user {owner}: run this as that user, with sudo -u '#{owner}', and a directory to write to that it may use.");
        return new OfflineDesk(options, time, logs);
    }

    static SocketError Connect(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
