using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Who may write to a spool's directory: one process at a time, by an flock(2) that ends with the process. The file says who it is.
/// </summary>
public sealed partial class SpoolLock : IDisposable
{
    const string FileName = "lock";
    const int Create = 0x40; // O_CREAT
    const int ExclusiveAtOnce = 2 | 4; // LOCK_EX | LOCK_NB
    const int WouldBlock = 11; // EWOULDBLOCK
    const int HolderBytesMax = 128;
    const int StatBasic = 0x7FF; // STATX_BASIC_STATS
    const int StatBytes = 256; // sizeof(struct statx), the same on every processor
    const int StatUserOffset = 20; // stx_uid

    readonly SafeFileHandle handle;

    SpoolLock(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Takes the lock of a directory that is there.</summary>
    /// <param name="holder">What another process is told, such as <c>edgehub run, process 4711</c>.</param>
    /// <exception cref="IOException">Another process holds it, which is named; or the directory cannot be written.</exception>
    public static SpoolLock Take(string directory, string holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        var path = Path.Combine(directory, FileName);
        var descriptor = Libc.Open(path, Libc.ReadWrite | Create | Libc.CloseOnExec, Libc.OwnerAndGroup);
        if (descriptor < 0)
            throw Libc.Failure("open", path);
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Lock(handle, ExclusiveAtOnce) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            var other = errno == WouldBlock ? ReadHolder(handle) : "";
            handle.Dispose();
            throw errno == WouldBlock ? new IOException($"The spool {directory} is held by {other}.") : Libc.Failure("flock", path, errno);
        }

        var text = Encoding.UTF8.GetBytes(holder + "\n");
        // Only for people: without it the lock holds all the same.
        _ = Libc.FTruncate(handle, 0);
        _ = Libc.PWrite(handle, ref text[0], text.Length, 0);
        return new SpoolLock(handle);
    }

    /// <summary>The user that owns a file or directory; null where the kernel does not say.</summary>
    public static uint? OwnerOf(string path)
    {
        Span<byte> found = stackalloc byte[StatBytes];
        return StatX(-100, path, 0, StatBasic, ref found[0]) == 0 ? BitConverter.ToUInt32(found[StatUserOffset..]) : null;
    }

    /// <summary>The user of this process.</summary>
    public static uint User => EffectiveUser();

    public void Dispose() => handle.Dispose();

    static string ReadHolder(SafeFileHandle handle)
    {
        var text = new byte[HolderBytesMax];
        var count = Libc.PRead(handle, ref text[0], text.Length, 0);
        return count > 0 ? Encoding.UTF8.GetString(text, 0, (int)count).Trim() : "another process";
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte found);
}
