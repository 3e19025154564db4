using System.Buffers.Binary;
using EdgeHub.Hosting;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// The first 64 bytes of a segment, and once more in its last page: a segment whose first page rots is still readable.
/// The magic, the version and the checksum keep their places in every version of the format.
/// </summary>
/// <param name="Ordinal">Order of use over the journal's whole life, from 1; a recycled segment gets a new one.</param>
/// <param name="Salt">64 fresh random bits of each use: what an earlier use left behind cannot be mistaken for records.</param>
readonly record struct SegmentHeader(ulong Ordinal, ulong Salt)
{
    public const int Size = 64;
    public const int Version = 1;

    /// <summary>Where the entries begin; as many bytes at the end are the second header's.</summary>
    public const int PageBytes = 4096;

    const int ChecksumAt = Size - 4;

    static ReadOnlySpan<byte> Magic => "EdgeHubJ"u8;

    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Ordinal);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], Salt);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ChecksumAt..], Crc32C.Of(destination[..ChecksumAt]));
    }

    /// <summary>Null when these bytes are no intact header.</summary>
    /// <exception cref="NewerFormatException">An intact header of a version that is not known here.</exception>
    public static SegmentHeader? Read(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.Length < Size || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Crc32C.Of(bytes[..ChecksumAt]))
            return null;
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version > Version)
            throw new NewerFormatException(file, (int)Math.Min(version, int.MaxValue), Version);
        return new SegmentHeader(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
    }

    /// <summary>The header of an open segment: of its two copies the one of the later use.</summary>
    public static SegmentHeader? Read(IDiskFile file)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var front = Read(bytes[..file.Read(0, bytes)], file.Name);
        var length = file.Length;
        var back = length < 2 * PageBytes ? null : Read(bytes[..file.Read(length - PageBytes, bytes)], file.Name);
        return front is null || (back is not null && back.Value.Ordinal > front.Value.Ordinal) ? back : front;
    }

    /// <summary>Writes both copies; they count after the file's next sync.</summary>
    public void Write(IDiskFile file, long length)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        file.Write(0, bytes);
        file.Write(length - PageBytes, bytes);
    }

    /// <summary>
    /// Nothing here is owed any more: without a header no start reads it again, and no spool is remembered that was forgotten.
    /// Not synced: read once more it would do no harm.
    /// </summary>
    public static void Erase(IDiskFile file, long length)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        file.Write(0, bytes);
        file.Write(length - PageBytes, bytes);
    }
}
