using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeHub.Hosting.Progress;

/// <summary>A small file that outlasts a power cut. The sync is by system call, since .NET hides a failed one on Linux.</summary>
public static partial class DurableFile
{
    const int Interrupted = 4; // EINTR

    /// <summary>Writes bytes at a place of the file, which is made with its directory when it is missing, and syncs it.</summary>
    /// <exception cref="IOException">The medium refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory belongs to another user.</exception>
    public static void Write(string path, long offset, ReadOnlySpan<byte> bytes)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        DurableDirectory.Create(directory);
        var isNew = !File.Exists(path);
        using (var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read))
        {
            RandomAccess.Write(file, bytes, offset);
            int result;
            while ((result = FSync(file)) < 0)
                if (Marshal.GetLastPInvokeError() is not Interrupted and var errno)
                    throw new IOException($"{path} cannot be synced: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).", errno);
        }

        if (isNew)
            DurableDirectory.Sync(directory);
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
