using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace EdgeHub.Tests.DeviceSims;

/// <summary>
/// The plainest reader of a serial port there is: open(2), read(2), write(2), and no terminal settings of its
/// own. It never becomes the controlling terminal, so that a hang-up does not end the test run.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const int ReadWriteNoTerminalNonBlocking = 0x2 | 0x100 | 0x800 | 0x80000;
    private const int TryAgain = 11;
    private const int ReadBytesMax = 4096;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private readonly SafeFileHandle _file;

    public RawTerminal(string path)
    {
        var file = Open(path, ReadWriteNoTerminalNonBlocking);
        Assert.True(file >= 0, $"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        _file = new SafeFileHandle(file, ownsHandle: true);
    }

    /// <summary>Whether the device has hung up: end of file, or any error but "nothing there yet".</summary>
    public bool HasHungUp { get; private set; }

    /// <summary>Bytes that are there now, at most as many as asked for.</summary>
    public byte[] ReadNow(int count)
    {
        var buffer = new byte[Math.Min(count, ReadBytesMax)];
        var read = (int)Read(_file, buffer, (nuint)buffer.Length);
        HasHungUp |= read == 0 || (read < 0 && Marshal.GetLastPInvokeError() != TryAgain);
        return buffer[..Math.Max(read, 0)];
    }

    /// <summary>Waits for exactly <paramref name="count"/> bytes; fewer when the time is over or the device has hung up.</summary>
    public async Task<byte[]> ReadAsync(int count, TimeSpan wait)
    {
        var bytes = new List<byte>();
        var start = TimeProvider.System.GetTimestamp();
        while (bytes.Count < count && !HasHungUp && TimeProvider.System.GetElapsedTime(start) < wait)
        {
            bytes.AddRange(ReadNow(count - bytes.Count));
            await Task.Delay(Look, TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return [.. bytes];
    }

    public void Send(ReadOnlySpan<byte> bytes) => Assert.Equal(bytes.Length, (int)Write(_file, bytes, (nuint)bytes.Length));

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeHandle file, Span<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeHandle file, ReadOnlySpan<byte> buffer, nuint length);
}
