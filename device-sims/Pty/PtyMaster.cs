using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeHub.DeviceSims.Pty;

/// <summary>
/// One pseudo terminal, seen from the device's side: raw, non-blocking, not inherited by children (a child
/// holding a copy would keep the reader from ever seeing the hang-up). Disposing it hangs up: a reader gets
/// EIO or end of file. Calls never block and may race with <see cref="Dispose"/>: they then transfer nothing.
/// </summary>
public sealed class PtyMaster : IDisposable
{
    private const int NameBytesMax = 128;
    private const int UntouchedBaud = 38400;

    private readonly SafeFileHandle _master;

    private PtyMaster(SafeFileHandle master, string readerPath)
    {
        _master = master;
        ReaderPath = readerPath;
    }

    /// <summary>The path that a reader opens, <c>/dev/pts/N</c>.</summary>
    public string ReaderPath { get; }

    /// <summary>Makes a pseudo terminal in raw mode that nobody listens to yet.</summary>
    /// <exception cref="IOException">The kernel gave none; the message names the call and the reason.</exception>
    public static PtyMaster Open()
    {
        const int flags = Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenNonBlocking | Libc.OpenCloseOnExec;
        var file = Check(Libc.OpenPty(flags), "posix_openpt");
        var master = new SafeFileHandle(file, ownsHandle: true);
        try
        {
            Check(Libc.GrantPty(master), "grantpt");
            Check(Libc.UnlockPty(master), "unlockpt");
            var path = NameOf(master);
            SetRaw(master);

            // The kernel reports "nobody listens" only once a first reader has come and gone, so we are it.
            OpenReader(path).Dispose();
            return new PtyMaster(master, path);
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    /// <summary>Whether a reader has the other end open at this moment.</summary>
    public bool IsListening => WithHandle(static (master, file) =>
    {
        var entry = new PollEntry { File = file };
        return Libc.Poll(ref entry, 1, 0) >= 0 && (entry.Returned & Libc.PollHangUp) == 0;
    });

    /// <summary>The speed that the reader has set; null while it is the 38400 that every new terminal has, or the terminal is gone.</summary>
    public int? ReaderBaud
    {
        get
        {
            Span<byte> termios = stackalloc byte[Libc.Termios2Bytes];
            try
            {
                if (_master.IsClosed || Libc.Control(_master, Libc.GetTerminal2, termios) < 0)
                {
                    return null;
                }
            }
            catch (ObjectDisposedException)
            {
                return null; // Unplugged between the question and the call.
            }

            var baud = BitConverter.ToInt32(termios[Libc.Termios2SpeedAt..]);
            return baud is > 0 and not UntouchedBaud ? baud : null;
        }
    }

    /// <summary>Reads what the reader has sent; 0 when there is nothing, or nobody at the other end.</summary>
    /// <exception cref="IOException">The master itself failed.</exception>
    public int Read(Span<byte> buffer) => Transferred(_master.IsClosed ? 0 : TryRead(buffer), "read");

    /// <summary>
    /// Writes at once what the kernel takes; fewer bytes than given when the reader has let its buffer fill
    /// up, 0 when nobody listens (the kernel would keep the bytes for whoever opens next: a wire does not).
    /// </summary>
    /// <exception cref="IOException">The master itself failed.</exception>
    public int Write(ReadOnlySpan<byte> bytes) => IsListening ? Transferred(TryWrite(bytes), "write") : 0;

    /// <summary>
    /// Forgets what was written and never read. The kernel flushes it from the reader's side only, so this
    /// opens that side for a moment; to be called while nobody listens.
    /// </summary>
    /// <exception cref="IOException">The reader's side cannot be opened or flushed.</exception>
    public void Discard()
    {
        using var reader = OpenReader(ReaderPath);
        Check(Libc.Flush(reader, Libc.FlushInput), "tcflush");
    }

    /// <inheritdoc />
    public void Dispose() => _master.Dispose();

    private static string NameOf(SafeFileHandle master)
    {
        Span<byte> name = stackalloc byte[NameBytesMax];
        var errno = Libc.PtyName(master, name, (nuint)name.Length);
        if (errno != 0)
        {
            throw Failure("ptsname_r", errno);
        }

        return Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
    }

    /// <summary>Without it the terminal echoes our own bytes back, and turns CR into LF, until a reader has set it up.</summary>
    private static void SetRaw(SafeFileHandle master)
    {
        Span<byte> termios = stackalloc byte[Libc.TermiosBytesMax];
        Check(Libc.GetTerminal(master, termios), "tcgetattr");
        Libc.MakeRaw(termios);
        Check(Libc.SetTerminal(master, Libc.SetNow, termios), "tcsetattr");
    }

    private static SafeFileHandle OpenReader(string path)
    {
        const int flags = Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenNonBlocking | Libc.OpenCloseOnExec;
        return new SafeFileHandle(Check(Libc.Open(path, flags), "open " + path), ownsHandle: true);
    }

    private nint TryRead(Span<byte> buffer)
    {
        try
        {
            return Libc.Read(_master, buffer, (nuint)buffer.Length);
        }
        catch (ObjectDisposedException)
        {
            return 0; // Unplugged between the question and the call.
        }
    }

    private nint TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Libc.Write(_master, bytes, (nuint)bytes.Length);
        }
        catch (ObjectDisposedException)
        {
            return 0; // Unplugged between the question and the call.
        }
    }

    private bool WithHandle(Func<SafeFileHandle, int, bool> ask)
    {
        var held = false;
        try
        {
            _master.DangerousAddRef(ref held);
            return ask(_master, (int)_master.DangerousGetHandle());
        }
        catch (ObjectDisposedException)
        {
            return false; // Unplugged: there is no terminal to ask.
        }
        finally
        {
            if (held)
            {
                _master.DangerousRelease();
            }
        }
    }

    private static int Transferred(nint result, string call)
    {
        if (result >= 0)
        {
            return (int)result;
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno is Libc.ErrnoIo or Libc.ErrnoTryAgain or Libc.ErrnoInterrupted ? 0 : throw Failure(call, errno);
    }

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw Failure(call, Marshal.GetLastPInvokeError());

    private static IOException Failure(string call, int errno) =>
        new($"A pseudo terminal failed in {call}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).");
}
