namespace EdgeHub.Edge.Spool;

/// <summary>
/// What LiteDB sees of a file. Flush does nothing: the journal is what survives a power cut, and LiteDB's own flushes, one a
/// page, would cost more than everything else together. Whoever seals the file syncs it.
/// </summary>
sealed class DiskStream(IDiskFile file, bool writable) : Stream
{
    // Kept here, because LiteDB asks before every page and the kernel would be asked each time.
    long length = file.Length;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => writable;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = file.Read(Position, buffer);
        Position += read;
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        file.Write(Position, buffer);
        Position += buffer.Length;
        length = Math.Max(length, Position);
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => Position, _ => length };

    public override void SetLength(long value)
    {
        file.SetLength(value);
        length = value;
    }

    public override void Flush()
    {
    }
}
