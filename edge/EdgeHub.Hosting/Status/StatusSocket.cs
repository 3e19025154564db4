using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeHub.Hosting.Status;

/// <summary>
/// The UNIX socket on which a daemon answers <c>GET /status</c>: <c>edgehub.sock</c> in the service manager's runtime directory, else in
/// <c>run</c> under the data directory. Its mode is 0660 and its group edgehub where that group exists.
/// </summary>
public static partial class StatusSocket
{
    public const string FileName = "edgehub.sock";
    public const string GroupName = "edgehub";

    /// <summary>Where the packaged service answers.</summary>
    public const string ServicePath = "/run/edgehub/" + FileName;

    /// <summary>The kernel's limit for the path of a socket, in bytes.</summary>
    public const int PathBytesMax = 107;

    const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>Where a daemon with this data directory and environment listens.</summary>
    public static string PathFor(string dataDirectory, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        // systemd writes several directories with colons between them; ours is the first.
        return environment.TryGetValue("RUNTIME_DIRECTORY", out var runtime) && runtime.Length > 0
            ? Path.Combine(runtime.Split(':')[0], FileName)
            : Path.GetFullPath(Path.Combine(dataDirectory, "run", FileName));
    }

    /// <summary>Makes room at <paramref name="path"/>: its directory, and a stale socket of a killed daemon removed.</summary>
    /// <exception cref="IOException">Another daemon answers there, the path is too long, or the file system refuses.</exception>
    public static void Prepare(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > PathBytesMax)
            throw new IOException($"The path of the status socket {path} is longer than the {PathBytesMax} bytes a socket may have: choose a shorter dataDirectory.");
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
            GiveToGroup(Directory.CreateDirectory(directory, DirectoryMode).FullName);
        if (!File.Exists(path))
            return;
        if (Answers(path))
            throw new IOException($"Another daemon answers on {path}: stop it first, or choose another dataDirectory.");
        File.Delete(path);
    }

    /// <summary>Opens the bound socket to its group; until then the umask keeps everybody else out.</summary>
    public static void Admit(string path)
    {
        File.SetUnixFileMode(path, Mode);
        GiveToGroup(path);
    }

    static bool Answers(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // A user outside the group may not give a file to it: the socket then stays with the user's own group, which is as narrow.
    static void GiveToGroup(string path)
    {
        if (GroupId() is { } group)
            _ = ChangeOwner(path, -1, group);
    }

    static int? GroupId()
    {
        if (!File.Exists("/etc/group"))
            return null;
        foreach (var line in File.ReadLines("/etc/group"))
            if (line.Split(':') is [GroupName, _, var id, ..] && int.TryParse(id, out var number))
                return number;
        return null;
    }

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, int owner, int group);
}
