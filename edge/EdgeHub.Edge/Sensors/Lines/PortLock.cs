using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>
/// The right to talk on a serial device, held while its line is open, so that two programs never talk on one line: flock(2) on the
/// device itself, which other serial tools (picocom, tio, minicom) take and respect too. The TIOCEXCL of System.IO.Ports alone does
/// not do: the kernel lets root pass it.
/// </summary>
sealed partial class PortLock : IDisposable
{
    const int ReadWrite = 2; // fcntl.h: O_RDWR
    const int NoControllingTerminal = 0x100; // O_NOCTTY
    const int NonBlocking = 0x800; // O_NONBLOCK: a modem line without carrier would hold up the open
    const int CloseOnExec = 0x80000; // O_CLOEXEC
    const int Exclusive = 2 | 4; // sys/file.h: LOCK_EX | LOCK_NB
    const int WouldBlock = 11; // errno.h: EWOULDBLOCK

    readonly SafeFileHandle handle;

    PortLock(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Takes the lock; null where the device does not even open, which whoever opens it next explains better.</summary>
    /// <exception cref="LineException">Another program holds it; the message says which.</exception>
    public static PortLock? Take(string path)
    {
        var descriptor = Open(path, ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec);
        if (descriptor < 0)
            return null;
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Lock(handle, Exclusive) == 0)
            return new PortLock(handle);
        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return error == WouldBlock ? throw SerialFault.Held(path, null) : null;
    }

    public void Dispose() => handle.Dispose();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
