namespace EdgeHub.Edge.Spool.Wear;

/// <summary>What the spool has written to a medium since this process started, in whole pages, as a medium takes them. Any thread.</summary>
public sealed class WrittenBytes
{
    const int PageBytes = 4096;

    long bytes;

    public long Bytes => Interlocked.Read(ref bytes);

    public void Add(long offset, int count)
    {
        if (count > 0)
            Interlocked.Add(ref bytes, ((offset + count + PageBytes - 1) / PageBytes * PageBytes) - (offset / PageBytes * PageBytes));
    }
}
