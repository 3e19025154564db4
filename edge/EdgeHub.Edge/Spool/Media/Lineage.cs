using System.Buffers.Binary;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// The newest segments that led to the one being written, also those that are long recycled. It travels with each segment's
/// start, so that a medium that was away for months is known for an earlier state of this one, and not for one that went on apart.
/// </summary>
sealed class Lineage
{
    const int HeadersMax = 1024;
    const int HeaderBytes = 16;

    readonly Queue<SegmentHeader> headers = [];

    public bool Contains(SegmentHeader header) => headers.Contains(header);

    public void Add(SegmentHeader header)
    {
        headers.Enqueue(header);
        if (headers.Count > HeadersMax)
            headers.Dequeue();
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[headers.Count * HeaderBytes];
        var at = 0;
        foreach (var header in headers)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), header.Ordinal);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + sizeof(ulong)), header.Salt);
            at += HeaderBytes;
        }

        return bytes;
    }

    public static Lineage Read(ReadOnlySpan<byte> bytes)
    {
        var lineage = new Lineage();
        for (; bytes.Length >= HeaderBytes; bytes = bytes[HeaderBytes..])
            lineage.Add(new SegmentHeader(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(ulong)..])));
        return lineage;
    }
}
