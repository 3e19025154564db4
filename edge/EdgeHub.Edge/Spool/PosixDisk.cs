using System.Runtime.InteropServices;
using EdgeHub.Edge.Spool.Wear;
using Microsoft.Win32.SafeHandles;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// A directory of the real medium. Every file is reached from the directory's handle, never by its path: what is mounted or
/// unmounted over the path later cannot send a write to another medium.
/// </summary>
public sealed class PosixDisk : IDisk, IDisposable
{
    readonly string directory;
    readonly SafeFileHandle handle;

    /// <summary>Opens the directory, and makes it when it is not there.</summary>
    public PosixDisk(string directory)
        : this(directory, mayMake: true)
    {
    }

    PosixDisk(string directory, bool mayMake)
    {
        ArgumentNullException.ThrowIfNull(directory);
        this.directory = directory;
        if (mayMake)
            Make(Path.GetFullPath(directory));
        handle = OpenPath(directory, Libc.ReadOnly);
    }

    /// <summary>Counts what is written here; null when nobody wants to know.</summary>
    public WrittenBytes? Written { get; init; }

    public long FreeBytes => new DriveInfo(directory).AvailableFreeSpace;

    /// <summary>Opens a directory that must be there.</summary>
    /// <exception cref="IOException">It is not.</exception>
    public static PosixDisk OpenExisting(string directory, WrittenBytes? written = null) => new(directory, mayMake: false) { Written = written };

    /// <summary>Whether both lie on one file system, and so on one medium.</summary>
    public static bool IsSameFileSystem(string one, string other) => Libc.Place(one).Device == Libc.Place(other).Device;

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles($"/proc/self/fd/{handle.DangerousGetHandle()}").Select(path => Path.GetFileName(path))];

#pragma warning disable CA2000 // The file owns the handle.
    public IDiskFile Create(string name) => new PosixFile(OpenName(name, Libc.ReadWrite | Libc.CreateNew), name, PathOf(name), Written);

    public IDiskFile Open(string name, bool writable) => new PosixFile(OpenName(name, writable ? Libc.ReadWrite : Libc.ReadOnly), name, PathOf(name), Written);
#pragma warning restore CA2000

    public void Rename(string name, string newName)
    {
        if (Libc.RenameAt(handle, name, handle, newName) != 0)
            throw Libc.Failure("rename", PathOf(name));
    }

    public void Delete(string name)
    {
        if (Libc.UnlinkAt(handle, name, 0) != 0)
            throw Libc.Failure("unlink", PathOf(name));
    }

    public void SyncDirectory() => Sync(handle, directory);

    public void Check()
    {
        if (Libc.Place(directory) != Libc.Place(handle, directory))
            throw new IOException($"{directory} is no longer the directory that was opened: the medium was unmounted or another was mounted over it.");
    }

    public void Dispose() => handle.Dispose();

    string PathOf(string name) => Path.Join(directory, name);

    // A directory that is new must itself outlast a power cut: its entry is in the one above.
    static void Make(string path)
    {
        if (Directory.Exists(path) || Path.GetDirectoryName(path) is not { } above)
            return;
        Make(above);
        Directory.CreateDirectory(path);
        using var parent = OpenPath(above, Libc.ReadOnly);
        Sync(parent, above);
    }

    static void Sync(SafeFileHandle handle, string path)
    {
        while (Libc.FSync(handle) != 0)
            if (Marshal.GetLastPInvokeError() is not Libc.Interrupted and var errno)
                throw Libc.Failure("fsync", path, errno);
    }

    SafeFileHandle OpenName(string name, int flags) => Opened(() => Libc.OpenAt(handle, name, flags | Libc.CloseOnExec, Libc.OwnerAndGroup), PathOf(name));

    static SafeFileHandle OpenPath(string path, int flags) => Opened(() => Libc.Open(path, flags | Libc.CloseOnExec, Libc.OwnerAndGroup), path);

    static SafeFileHandle Opened(Func<int> open, string path)
    {
        int descriptor;
        while ((descriptor = open()) < 0)
            if (Marshal.GetLastPInvokeError() is not Libc.Interrupted and var errno)
                throw Libc.Failure("open", path, errno);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
