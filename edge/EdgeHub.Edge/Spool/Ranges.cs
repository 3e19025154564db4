using System.Buffers.Binary;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>Number ranges as bytes of the journal: a count, then first and last of each, little-endian.</summary>
static class Ranges
{
    const int CountBytes = 4;
    const int PairBytes = 16;

    public static int SizeOf(RangeSet set) => CountBytes + (PairBytes * set.RangeCount);

    public static int Write(Span<byte> destination, RangeSet set)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, set.RangeCount);
        var at = CountBytes;
        foreach (var range in set)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination[at..], range.First);
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(at + 8)..], range.Last);
            at += PairBytes;
        }

        return at;
    }

    /// <summary>Adds the ranges to the set; the bytes come from behind a checksum.</summary>
    public static int Read(ReadOnlySpan<byte> bytes, RangeSet into)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var at = CountBytes;
        for (var i = 0; i < count; i++, at += PairBytes)
            into.Add(new NumberRange(BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + 8)..])));
        return at;
    }
}
