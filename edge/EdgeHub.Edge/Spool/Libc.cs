using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// The system calls that decide about durability. Not through .NET: its runtime of 10.0.12 returns success from a failed
/// fsync on Linux, so a full or dying medium would look healthy.
/// </summary>
static partial class Libc
{
    public const int Interrupted = 4; // EINTR
    public const int NotSupported = 95; // EOPNOTSUPP
    public const int ReadOnly = 0; // O_RDONLY
    public const int ReadWrite = 2; // O_RDWR
    public const int CreateNew = 0x40 | 0x80; // O_CREAT | O_EXCL
    public const int CloseOnExec = 0x80000; // O_CLOEXEC
    public const int OwnerAndGroup = 0x1A0; // 0640: the journal holds what the sensors saw

    public const int CurrentDirectory = -100; // AT_FDCWD

    const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    const uint BasicFields = 0x7FF; // STATX_BASIC_STATS
    const int StatxBytes = 256;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(SafeFileHandle directory, string name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint PRead(SafeFileHandle file, ref byte buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint PWrite(SafeFileHandle file, ref byte buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int FAllocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int FTruncate(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long LSeek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt(SafeFileHandle directory, string from, SafeFileHandle toDirectory, string to);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UnlinkAt(SafeFileHandle directory, string name, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte result);

    /// <summary>Which file system a path or an open directory is on, and which directory of it.</summary>
    public static (ulong Device, ulong Inode) Place(string path) => Place(CurrentDirectory, path, 0);

    public static (ulong Device, ulong Inode) Place(SafeFileHandle directory, string path) => Place((int)directory.DangerousGetHandle(), "", EmptyPath, path);

    /// <summary>The block device of the file system that a path is on, as sysfs names it.</summary>
    public static (uint Major, uint Minor) Device(string path)
    {
        // stx_dev_major and stx_dev_minor stand one behind the other: here as one number.
        var device = Place(path).Device;
        return ((uint)device, (uint)(device >> 32));
    }

    static (ulong Device, ulong Inode) Place(int directory, string name, int flags, string? path = null)
    {
        const int InodeAt = 0x20; // struct statx, the same on every architecture
        const int DeviceAt = 0x88;
        Span<byte> bytes = stackalloc byte[StatxBytes];
        if (StatX(directory, name, flags, BasicFields, ref MemoryMarshal.GetReference(bytes)) != 0)
            throw Failure("statx", path ?? name);
        return (MemoryMarshal.Read<ulong>(bytes[DeviceAt..]), MemoryMarshal.Read<ulong>(bytes[InodeAt..]));
    }

    /// <summary>The errno of the call that just failed, as an exception that names the file.</summary>
    public static IOException Failure(string call, string path) => Failure(call, path, Marshal.GetLastPInvokeError());

    public static IOException Failure(string call, string path, int errno) =>
        new($"{call} {path}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).", errno);
}
