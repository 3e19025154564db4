using System.Runtime.InteropServices;
using EdgeHub.Edge.Spool.Wear;
using Microsoft.Win32.SafeHandles;

namespace EdgeHub.Edge.Spool;

/// <summary>A file of the real medium, by system call.</summary>
sealed class PosixFile(SafeFileHandle handle, string name, string path, WrittenBytes? written) : IDiskFile
{
    const int SeekEnd = 2;
    const int ZeroChunkBytes = 1 << 20;

    public string Name => name;

    public long Length
    {
        get
        {
            var length = Libc.LSeek(handle, 0, SeekEnd);
            return length >= 0 ? length : throw Libc.Failure("lseek", path);
        }
    }

    public int Read(long offset, Span<byte> destination)
    {
        var done = 0;
        while (done < destination.Length)
        {
            var count = (int)Libc.PRead(handle, ref MemoryMarshal.GetReference(destination[done..]), destination.Length - done, offset + done);
            if (count == 0)
                break;
            if (count < 0)
            {
                ThrowUnlessInterrupted("pread");
                continue;
            }

            done += count;
        }

        return done;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var done = 0;
        while (done < bytes.Length)
        {
            var count = (int)Libc.PWrite(handle, ref MemoryMarshal.GetReference(bytes[done..]), bytes.Length - done, offset + done);
            if (count < 0)
                ThrowUnlessInterrupted("pwrite");
            else
                done += count;
        }

        written?.Add(offset, bytes.Length);
    }

    public void Allocate(long length)
    {
        while (Libc.FAllocate(handle, 0, 0, length) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno == Libc.NotSupported)
                break;
            if (errno != Libc.Interrupted)
                throw Libc.Failure("fallocate", path, errno);
        }

        // Blocks that are only reserved cost a metadata commit when they are first written: write them now.
        var zeroes = new byte[ZeroChunkBytes];
        for (long at = 0; at < length; at += zeroes.Length)
            Write(at, zeroes.AsSpan(0, (int)Math.Min(zeroes.Length, length - at)));
    }

    public void SetLength(long length)
    {
        while (Libc.FTruncate(handle, length) != 0)
            ThrowUnlessInterrupted("ftruncate");
    }

    public void Sync()
    {
        while (Libc.FDataSync(handle) != 0)
            ThrowUnlessInterrupted("fdatasync");
    }

    public void Dispose() => handle.Dispose();

    void ThrowUnlessInterrupted(string call)
    {
        var errno = Marshal.GetLastPInvokeError();
        if (errno != Libc.Interrupted)
            throw Libc.Failure(call, path, errno);
    }
}
