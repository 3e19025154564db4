using System.Buffers.Binary;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// One entry of the journal: 96 bytes of header, the payload, zeroes up to a multiple of eight. All integers little-endian
/// but for the spool and the chain, which are as on the wire.
/// <code>
///  0 magic    4   the low half of the segment's salt
///  4 checksum 4   CRC-32C seeded with the salt over everything behind it, payload included
///  8 kind     1   class 1   left 2: entries of the same commit that follow this one
/// 12 length   4   bytes of the payload
/// 16 commit   4   readings 4: in a record that is a block
/// 24 spool   16   number 8   chain 32: of a record before it, of a head or snapshot after it
/// 80 total    8   readings of the spool: before a record, up to a head or snapshot; of a note those in its numbers
/// 88 time     4   Unix seconds of the commit
/// 92 before   2   entries of the same commit before this one; 2 bytes of zero
/// </code>
/// </summary>
readonly record struct Entry(EntryKind Kind, SpoolClass Class, SpoolId Spool, ulong Number, RecordHash Chain, uint Readings, ulong Total, ReadOnlyMemory<byte> Payload)
{
    public const int HeaderSize = 96;
    public const int Alignment = 8;

    /// <summary>Entries of one commit that may follow the first: what the field holds.</summary>
    public const int LeftMax = ushort.MaxValue;

    /// <summary>Position of the commit in the life of the journal, modulo 2^32; filled in when it is written or read.</summary>
    public uint Commit { get; init; }

    /// <summary>Entries of the same commit that follow this one.</summary>
    public int Left { get; init; }

    /// <summary>Entries of the same commit before this one: a commit whose front was torn off is known by it.</summary>
    public int Before { get; init; }

    /// <summary>When the commit was written, in Unix seconds by the wall clock of that moment, right or wrong.</summary>
    public uint Time { get; init; }

    public int Size => SizeFor(Payload.Length);

    /// <summary>A process began to write here.</summary>
    public bool IsProcessStart => Kind == EntryKind.Start && Readings == 1;

    /// <summary>Whether no entry is missing between the one before it in its segment and this one.</summary>
    public bool Follows(in Entry? before) => IsProcessStart || before switch
    {
        null => Kind == EntryKind.Start,
        { Left: > 0 } one => Commit == one.Commit && Before == one.Before + 1,
        { } last => Commit == unchecked(last.Commit + 1) && Before == 0,
    };

    public static int SizeFor(int payload) => (HeaderSize + payload + Alignment - 1) & -Alignment;

    /// <summary>Writes header, payload and padding: <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination, ulong salt)
    {
        var header = destination[..HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)salt);
        header[8] = (byte)Kind;
        header[9] = (byte)Class;
        BinaryPrimitives.WriteUInt16LittleEndian(header[10..], (ushort)Left);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], Payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], Commit);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], Readings);
        Spool.Write(header[24..]);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], Number);
        Chain.Write(header[48..]);
        BinaryPrimitives.WriteUInt64LittleEndian(header[80..], Total);
        BinaryPrimitives.WriteUInt32LittleEndian(header[88..], Time);
        BinaryPrimitives.WriteUInt32LittleEndian(header[92..], (ushort)Before);
        Payload.Span.CopyTo(destination[HeaderSize..]);
        destination[(HeaderSize + Payload.Length)..Size].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32C.Of(salt, header[8..], Payload.Span));
    }

    /// <summary>The entry that begins at the first byte, or null: not one of this salt, cut off, or damaged.</summary>
    /// <param name="bytes">Its payload will point into these.</param>
    public static Entry? Read(ReadOnlyMemory<byte> bytes, ulong salt)
    {
        if (bytes.Length < HeaderSize)
            return null;
        var header = bytes.Span[..HeaderSize];
        var length = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != (uint)salt || length < 0 || length > bytes.Length - HeaderSize)
            return null;
        var payload = bytes.Slice(HeaderSize, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != Crc32C.Of(salt, header[8..], payload.Span))
            return null;
        return new Entry(
            (EntryKind)header[8],
            (SpoolClass)header[9],
            SpoolId.Read(header[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[40..]),
            RecordHash.Read(header[48..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[20..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[80..]),
            payload)
        {
            Commit = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
            Left = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]),
            Before = BinaryPrimitives.ReadUInt16LittleEndian(header[92..]),
            Time = BinaryPrimitives.ReadUInt32LittleEndian(header[88..]),
        };
    }

    /// <summary>Bytes of the entry whose header begins here, as that header says; 0 when it is none of this salt.</summary>
    public static int PeekSize(ReadOnlySpan<byte> bytes, ulong salt)
    {
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != (uint)salt)
            return 0;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        return length is < 0 or > WireLimits.RecordBytesMax ? 0 : SizeFor(length);
    }
}
