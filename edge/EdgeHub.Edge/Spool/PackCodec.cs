using System.Buffers.Binary;
using EdgeHub.Wire;
using ZstdSharp;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Records to the bytes of one pack and back: length and readings (4 bytes each, little-endian) before each record, all of it
/// one zstd frame. Not for two threads at once.
/// </summary>
sealed class PackCodec : IDisposable
{
    /// <summary>Bytes of records that make a pack: many LiteDB pages, so that little of the last one is wasted.</summary>
    public const int RawBytes = 64 << 10;

    /// <summary>The last record may reach beyond.</summary>
    public const int RawBytesMax = (2 * RawBytes) + WireLimits.RecordBytesMax;

    const int PrefixBytes = 8;
    const int CompressionLevel = 1;

    readonly Compressor compressor = new(CompressionLevel);
    readonly Decompressor decompressor = new();
    byte[] raw = new byte[RawBytes + (RawBytes / 4)];

    public byte[] Encode(IReadOnlyList<StoredRecord> records)
    {
        var size = 0;
        foreach (var record in records)
            size += PrefixBytes + record.Bytes.Length;
        if (raw.Length < size)
            raw = new byte[size];
        var at = 0;
        foreach (var record in records)
        {
            BinaryPrimitives.WriteInt32LittleEndian(raw.AsSpan(at), record.Bytes.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(at + 4), record.Readings);
            record.Bytes.Span.CopyTo(raw.AsSpan(at + PrefixBytes));
            at += PrefixBytes + record.Bytes.Length;
        }

        return compressor.Wrap(raw.AsSpan(0, at)).ToArray();
    }

    /// <summary>Null when the bytes are not that pack.</summary>
    public List<StoredRecord>? TryDecode(in Pack pack, RecordHash chainBefore, ulong readingsBefore, byte[] bytes)
    {
        if (Crc32C.Of(bytes) != pack.Checksum)
            return null;
        var plain = decompressor.Unwrap(bytes, RawBytesMax).ToArray();
        var records = new List<StoredRecord>(pack.Count);
        var at = 0;
        for (var number = pack.First; number <= pack.Last; number++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(plain.AsSpan(at));
            var readings = BinaryPrimitives.ReadUInt32LittleEndian(plain.AsSpan(at + 4));
            var record = new StoredRecord(number, chainBefore, readingsBefore, readings, plain.AsMemory(at + PrefixBytes, length));
            records.Add(record);
            chainBefore = chainBefore.Then(RecordHash.Of(record.Bytes.Span));
            readingsBefore += readings;
            at += PrefixBytes + length;
        }

        return records;
    }

    public void Dispose()
    {
        compressor.Dispose();
        decompressor.Dispose();
    }
}
