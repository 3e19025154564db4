namespace EdgeHub.CloudBridge.Api;

/// <summary>
/// Takes what a writer writes in its own way, at positions that only grow, and gives it on when it is drained: Parquet's writer writes
/// synchronously, which a web server does not allow.
/// </summary>
sealed class DrainedStream : Stream
{
    readonly MemoryStream waiting = new();
    long position;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => position;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException("What is written is on its way.");
    }

    public async Task DrainAsync(Stream output, CancellationToken cancellationToken)
    {
        waiting.Position = 0;
        await waiting.CopyToAsync(output, cancellationToken);
        waiting.SetLength(0);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        waiting.Write(buffer, offset, count);
        position += count;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is only written to.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("What is written is on its way.");

    public override void SetLength(long value) => throw new NotSupportedException("What is written is on its way.");

    protected override void Dispose(bool disposing)
    {
        waiting.Dispose();
        base.Dispose(disposing);
    }
}
