using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeHub.Edge.Spool;

/// <summary>A directory of the real medium.</summary>
public sealed class PosixDisk : IDisk, IDisposable
{
    readonly string directory;
    readonly SafeFileHandle handle;

    /// <summary>Opens the directory, and makes it when it is not there.</summary>
    public PosixDisk(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        this.directory = directory;
        Make(Path.GetFullPath(directory));
        handle = OpenPath(directory, Libc.ReadOnly);
    }

    public long FreeBytes => new DriveInfo(directory).AvailableFreeSpace;

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path))];

#pragma warning disable CA2000 // The file owns the handle.
    public IDiskFile Create(string name) => new PosixFile(OpenPath(PathOf(name), Libc.ReadWrite | Libc.CreateNew), name, PathOf(name));

    public IDiskFile Open(string name, bool writable) => new PosixFile(OpenPath(PathOf(name), writable ? Libc.ReadWrite : Libc.ReadOnly), name, PathOf(name));
#pragma warning restore CA2000

    public void Rename(string name, string newName)
    {
        if (Libc.Rename(PathOf(name), PathOf(newName)) != 0)
            throw Libc.Failure("rename", PathOf(name));
    }

    public void Delete(string name)
    {
        if (Libc.Unlink(PathOf(name)) != 0)
            throw Libc.Failure("unlink", PathOf(name));
    }

    public void SyncDirectory() => Sync(handle, directory);

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

    static SafeFileHandle OpenPath(string path, int flags)
    {
        int descriptor;
        while ((descriptor = Libc.Open(path, flags | Libc.CloseOnExec, Libc.OwnerAndGroup)) < 0)
            if (Marshal.GetLastPInvokeError() is not Libc.Interrupted and var errno)
                throw Libc.Failure("open", path, errno);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
