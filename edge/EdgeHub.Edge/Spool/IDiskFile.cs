namespace EdgeHub.Edge.Spool;

/// <summary>
/// One open file. A write outlasts a power cut only after <see cref="Sync"/> returned without an error, and after its first
/// error nothing more can be concluded from any later success on the same file.
/// </summary>
public interface IDiskFile : IDisposable
{
    string Name { get; }

    long Length { get; }

    /// <summary>Bytes read: fewer than asked only at the end of the file.</summary>
    int Read(long offset, Span<byte> destination);

    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Makes the file this long with blocks that are really there, zero where nothing was written.</summary>
    void Allocate(long length);

    void SetLength(long length);

    /// <summary>fdatasync: the bytes, and what of the metadata is needed to find them again.</summary>
    void Sync();
}
