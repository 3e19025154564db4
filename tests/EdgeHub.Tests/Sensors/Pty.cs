using System.Runtime.InteropServices;

namespace EdgeHub.Tests.Sensors;

/// <summary>The far end of a real pseudo terminal, reached by a link that stays when the terminal goes: a cable to plug and pull.</summary>
sealed unsafe partial class Pty : IDisposable
{
    const int ReadWrite = 2; // fcntl.h: O_RDWR
    const int NoControllingTerminal = 0x100; // O_NOCTTY
    const int CloseOnExec = 0x80000; // O_CLOEXEC
    const int NameBytes = 64;
    const int TermiosBytes = 128; // At least sizeof(struct termios).

    readonly string link;
    int master = -1;

    public Pty(string link)
    {
        this.link = link;
        Plug();
    }

    public void Plug()
    {
        master = OpenMaster(ReadWrite | NoControllingTerminal | CloseOnExec);
        var name = stackalloc byte[NameBytes];
        if (master < 0 || Grant(master) != 0 || Unlock(master) != 0 || Name(master, name, NameBytes) != 0)
            throw new IOException("No pseudo terminal.");
        File.Delete(link);
        File.CreateSymbolicLink(link, Marshal.PtrToStringUTF8((nint)name)!);
    }

    /// <summary>The device vanishes, as when a USB adapter is pulled.</summary>
    public void Unplug()
    {
        if (master >= 0)
            _ = Close(master);
        master = -1;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
            if (Write(master, first, bytes.Length) != bytes.Length)
                throw new IOException("The pseudo terminal took not all.");
    }

    /// <summary>What the program has written, at least one byte. Blocks.</summary>
    public byte[] Receive()
    {
        var buffer = stackalloc byte[256];
        var count = Read(master, buffer, 256);
        return count > 0 ? new ReadOnlySpan<byte>(buffer, (int)count).ToArray() : [];
    }

    /// <summary>What the program has set the terminal to; the near end's settings are read from the far one.</summary>
    public int Baud()
    {
        var settings = stackalloc byte[TermiosBytes];
        if (GetSettings(master, settings) != 0)
            throw new IOException("No settings.");
        return GetSpeed(settings) switch { 0xB => 2400, 0xC => 4800, 0xD => 9600, _ => 0 }; // bits/termbits.h
    }

    public void Dispose()
    {
        Unplug();
        File.Delete(link);
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int Name(int master, byte* name, nint size);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int master, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int master, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetSettings(int master, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfgetospeed")]
    private static partial uint GetSpeed(byte* settings);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int master);
}
