using System.Buffers.Binary;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// How many readings a spool had up to the numbers at both ends of what is tombstoned: a record beside it that is lost later has
/// no neighbour left that knows. As bytes a count, then number and readings of each, little-endian; nothing at all when there
/// are none. Guarded by the book's gate.
/// </summary>
sealed class Edges
{
    const int CountBytes = 4;
    const int PairBytes = 16;

    readonly SortedDictionary<ulong, ulong> readingsUpTo = [];

    public int Size => readingsUpTo.Count == 0 ? 0 : CountBytes + (PairBytes * readingsUpTo.Count);

    public ulong? UpTo(ulong number) => readingsUpTo.TryGetValue(number, out var readings) ? readings : null;

    public void Add(ulong number, ulong? readings)
    {
        if (readings is { } known)
            readingsUpTo[number] = known;
    }

    public void AddAll(Edges others)
    {
        foreach (var (number, readings) in others.readingsUpTo)
            readingsUpTo[number] = readings;
    }

    /// <summary>Between two tombstones none is needed.</summary>
    public void Prune(Func<ulong, bool> isGone)
    {
        foreach (var number in readingsUpTo.Keys.Where(number => isGone(number) == isGone(number + 1)).ToList())
            readingsUpTo.Remove(number);
    }

    public void Clear() => readingsUpTo.Clear();

    public void Write(Span<byte> destination)
    {
        if (readingsUpTo.Count == 0)
            return;
        BinaryPrimitives.WriteInt32LittleEndian(destination, readingsUpTo.Count);
        var at = CountBytes;
        foreach (var (number, readings) in readingsUpTo)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination[at..], number);
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(at + 8)..], readings);
            at += PairBytes;
        }
    }

    public void Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < CountBytes)
            return;
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        for (var at = CountBytes; count-- > 0; at += PairBytes)
            readingsUpTo[BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..])] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + 8)..]);
    }
}
