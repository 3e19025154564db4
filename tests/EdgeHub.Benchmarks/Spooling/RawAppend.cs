using EdgeHub.Edge.Spool;

namespace EdgeHub.Benchmarks.Spooling;

/// <summary>The floor: the same bytes one behind the other into one preallocated file, one fdatasync for each block. No copy, no checksum, no ack.</summary>
sealed class RawAppend : IDisposable
{
    readonly PosixDisk disk;
    readonly IDiskFile file;
    readonly string name;
    long at;

    public RawAppend(string directory, long bytes)
    {
        disk = new PosixDisk(directory);
        name = "raw";
        file = disk.Create(name);
        file.Allocate(bytes);
        file.Sync();
        disk.SyncDirectory();
    }

    public void Run(int commits, Func<int, byte[]> block)
    {
        for (var i = 0; i < commits; i++)
        {
            var bytes = block(i);
            file.Write(at, bytes);
            file.Sync();
            at += bytes.Length;
        }
    }

    public void Dispose()
    {
        file.Dispose();
        disk.Delete(name);
        disk.Dispose();
    }
}
