using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace EdgeHub.DeviceSims.Pty;

/// <summary>
/// The few libc calls that make a pseudo terminal. Constants are those of Linux on x64 and arm64, where
/// they agree. Every call that fails leaves its errno in <see cref="Marshal.GetLastPInvokeError"/>.
/// </summary>
internal static partial class Libc
{
    internal const int OpenReadWrite = 0x2;
    internal const int OpenNoControllingTerminal = 0x100;
    internal const int OpenNonBlocking = 0x800;
    internal const int OpenCloseOnExec = 0x80000;

    internal const int ErrnoInterrupted = 4;
    internal const int ErrnoIo = 5;
    internal const int ErrnoTryAgain = 11;

    internal const short PollHangUp = 0x10;
    internal const int FlushInput = 0;
    internal const int SetNow = 0;

    /// <summary>Room for a <c>struct termios</c>, which is 60 bytes with glibc and musl alike: it is only passed on, never read.</summary>
    internal const int TermiosBytesMax = 256;

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    internal static partial int OpenPty(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    internal static partial int GrantPty(SafeHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    internal static partial int UnlockPty(SafeHandle master);

    /// <summary>Returns 0 or the errno itself.</summary>
    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    internal static partial int PtyName(SafeHandle master, Span<byte> name, nuint length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    internal static partial int GetTerminal(SafeHandle terminal, Span<byte> termios);

    /// <summary>asm-generic/ioctls.h: TCGETS2, which tells the speed as a number. Asked of a master it answers for the reader's side.</summary>
    internal const nuint GetTerminal2 = 0x802C542A;

    /// <summary>sizeof(struct termios2), and where its c_ospeed lies.</summary>
    internal const int Termios2Bytes = 44;
    internal const int Termios2SpeedAt = 40;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Control(SafeHandle terminal, nuint request, Span<byte> argument);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    internal static partial void MakeRaw(Span<byte> termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    internal static partial int SetTerminal(SafeHandle terminal, int when, ReadOnlySpan<byte> termios);

    [LibraryImport("libc", EntryPoint = "tcflush", SetLastError = true)]
    internal static partial int Flush(SafeHandle terminal, int queue);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(ref PollEntry entry, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(SafeHandle file, Span<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(SafeHandle file, ReadOnlySpan<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rename(string from, string to);
}
