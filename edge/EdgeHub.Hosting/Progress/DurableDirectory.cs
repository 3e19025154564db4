using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeHub.Hosting.Progress;

/// <summary>A directory that outlasts a power cut: its entry is in the directory above, which is synced. By system call, since .NET hides a failed sync on Linux.</summary>
static partial class DurableDirectory
{
    const int ReadOnlyCloseOnExec = 0x80000; // O_RDONLY | O_CLOEXEC
    const int Interrupted = 4; // EINTR

    /// <summary>Makes <paramref name="path"/> and what is missing above it.</summary>
    /// <exception cref="IOException">It cannot be made, or the medium refuses the sync.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory above belongs to another user.</exception>
    public static void Create(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.GetDirectoryName(full) is not { } above)
            return;
        Create(above);
        Directory.CreateDirectory(full);
        Sync(above);
    }

    internal static void Sync(string path)
    {
        using var handle = new SafeFileHandle(Retried(path, () => Open(path, ReadOnlyCloseOnExec, 0)), ownsHandle: true);
        Retried(path, () => FSync(handle));
    }

    static int Retried(string path, Func<int> call)
    {
        int result;
        while ((result = call()) < 0)
            if (Marshal.GetLastPInvokeError() is not Interrupted and var errno)
                throw new IOException($"{path} cannot be synced: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).", errno);
        return result;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
