using System.Buffers.Binary;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// The newest segments of which this journal knows everything, also those that are long recycled, each with how far it was known.
/// It travels with each segment's start, so that a medium that was away for months is known for an earlier state of this one, and
/// not for one that went on apart. Any thread.
/// </summary>
sealed class Lineage
{
    const int HeadersMax = 512;
    const int EntryBytes = 20;

    readonly Lock gate = new();
    readonly Queue<SegmentHeader> order = [];
    readonly Dictionary<SegmentHeader, int> ends = [];

    /// <summary>Whether a segment was known up to there.</summary>
    public bool Holds(SegmentHeader header, int end)
    {
        lock (gate)
            return ends.TryGetValue(header, out var known) && end <= known;
    }

    /// <summary>What a segment holds up to there is known.</summary>
    public void Learn(SegmentHeader header, int end)
    {
        lock (gate)
        {
            if (ends.TryGetValue(header, out var known))
            {
                ends[header] = Math.Max(known, end);
                return;
            }

            ends.Add(header, end);
            order.Enqueue(header);
            if (order.Count > HeadersMax)
                ends.Remove(order.Dequeue());
        }
    }

    public void Learn(IEnumerable<Segment> segments)
    {
        foreach (var segment in segments)
            Learn(segment.Header, segment.Tail);
    }

    public byte[] ToBytes()
    {
        lock (gate)
        {
            var bytes = new byte[order.Count * EntryBytes];
            var at = bytes.AsSpan();
            foreach (var header in order)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(at, header.Ordinal);
                BinaryPrimitives.WriteUInt64LittleEndian(at[8..], header.Salt);
                BinaryPrimitives.WriteInt32LittleEndian(at[16..], ends[header]);
                at = at[EntryBytes..];
            }

            return bytes;
        }
    }

    public static Lineage Read(ReadOnlySpan<byte> bytes)
    {
        var lineage = new Lineage();
        for (; bytes.Length >= EntryBytes; bytes = bytes[EntryBytes..])
            lineage.Learn(new SegmentHeader(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
        return lineage;
    }
}
