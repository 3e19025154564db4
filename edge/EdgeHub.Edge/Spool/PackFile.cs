using System.Buffers.Binary;
using EdgeHub.Hosting;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using LiteDB;
using LiteDB.Engine;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// One LiteDB file of packs. Written by one thread and never synced until it is sealed; LiteDB's log is memory, since a file
/// that was not sealed is rebuilt from the journal anyway, and so every page reaches the medium about once.
/// <para>Documents of the collection <c>packs</c>: <c>_id</c> 1, 2, …: a pack {s spool, f first number, n count, h chain before,
/// q readings before, c checksum, b bytes}. <c>_id</c> 0 comes last: {v format version, t Unix ms of the sealing, m the list of packs}.</para>
/// </summary>
sealed class PackFile : IDisposable
{
    public const int Version = 1;

    const string Collection = "packs";
    const int ManifestId = 0;
    const int CheckpointPages = 100;
    const int ManifestEntryBytes = 36;

    readonly IDiskFile file;
    readonly MemoryStream logStream;
    readonly DiskStream dataStream;
    readonly LiteEngine engine;

    PackFile(IDiskFile file, bool writable)
    {
        this.file = file;
        dataStream = new DiskStream(file, writable);
        logStream = new MemoryStream();
        engine = new LiteEngine(new EngineSettings { DataStream = dataStream, LogStream = logStream, Collation = Collation.Binary, ReadOnly = !writable });
        if (writable)
            engine.Pragma("CHECKPOINT", CheckpointPages);
    }

    public List<Pack> Packs { get; private set; } = [];

    /// <summary>When it was sealed, in Unix milliseconds.</summary>
    public long SealedUnixMs { get; private set; }

    /// <summary>Bytes it has on the medium, or will have after the next checkpoint.</summary>
    public long Bytes => dataStream.Length + logStream.Length;

    /// <summary>An empty file to add packs to. The file is the pack file's from here on.</summary>
    public static PackFile Create(IDiskFile file) => new(file, writable: true);

    /// <summary>Opens a sealed file and reads its list of packs. The file is the pack file's only when this returns.</summary>
    /// <exception cref="NewerFormatException">A newer program sealed it.</exception>
    /// <exception cref="InvalidDataException">It is no sealed file.</exception>
    public static PackFile OpenSealed(IDiskFile file)
    {
        var opened = new PackFile(file, writable: false);
        try
        {
            opened.ReadManifest();
            return opened;
        }
        catch
        {
            opened.engine.Dispose();
            throw;
        }
    }

    public void Add(SpoolState spool, IReadOnlyList<StoredRecord> records, PackCodec codec)
    {
        var bytes = codec.Encode(records);
        var pack = new Pack(spool.Id, spool.Class, records[0].Number, records.Count, Crc32C.Of(bytes));
        engine.Insert(
            Collection,
            [
                new BsonDocument
                {
                    ["_id"] = Packs.Count + 1,
                    ["s"] = pack.Spool.ToByteArray(),
                    ["f"] = (long)pack.First,
                    ["n"] = pack.Count,
                    ["h"] = records[0].ChainBefore.ToByteArray(),
                    ["q"] = (long)records[0].ReadingsBefore,
                    ["c"] = (long)pack.Checksum,
                    ["b"] = bytes,
                },
            ],
            BsonAutoId.Int32);
        Packs.Add(pack);
    }

    /// <summary>Writes the list of packs and everything else to the medium. After that the file must be opened anew.</summary>
    public void Finish(long unixMs)
    {
        var manifest = new byte[Packs.Count * ManifestEntryBytes];
        for (var i = 0; i < Packs.Count; i++)
            Write(manifest.AsSpan(i * ManifestEntryBytes), Packs[i]);
        engine.Insert(Collection, [new BsonDocument { ["_id"] = ManifestId, ["v"] = Version, ["t"] = unixMs, ["m"] = manifest, ["c"] = (long)Crc32C.Of(manifest) }], BsonAutoId.Int32);
        engine.Checkpoint();
        engine.Dispose();
        file.Sync();
    }

    /// <summary>The records of the pack at this position; null when they are not what was packed.</summary>
    public List<StoredRecord>? TryRead(int index, PackCodec codec)
    {
        var document = Find(index + 1);
        return document is null ? null : codec.TryDecode(Packs[index], RecordHash.Read(document["h"].AsBinary), (ulong)document["q"].AsInt64, document["b"].AsBinary);
    }

    /// <summary>Position of the pack that holds a number, or -1.</summary>
    public int IndexOf(SpoolId spool, ulong number) => Packs.FindIndex(pack => pack.Spool == spool && pack.Numbers.Contains(number));

    public void Dispose()
    {
        engine.Dispose();
        dataStream.Dispose();
        logStream.Dispose();
        file.Dispose();
    }

    BsonDocument? Find(int id)
    {
        var query = new Query();
        query.Where.Add(Query.EQ("_id", id));
        using var reader = engine.Query(Collection, query);
        return reader.Read() ? reader.Current.AsDocument : null;
    }

    void ReadManifest()
    {
        var manifest = Find(ManifestId) ?? throw new InvalidDataException($"{file.Name} has no list of its packs.");
        if (manifest["v"].AsInt32 > Version)
            throw new NewerFormatException(file.Name, manifest["v"].AsInt32, Version);
        var bytes = manifest["m"].AsBinary;
        if (Crc32C.Of(bytes) != (uint)manifest["c"].AsInt64)
            throw new InvalidDataException($"The list of packs of {file.Name} is damaged.");
        SealedUnixMs = manifest["t"].AsInt64;
        for (var at = 0; at < bytes.Length; at += ManifestEntryBytes)
            Packs.Add(ReadPack(bytes.AsSpan(at)));
    }

    static void Write(Span<byte> destination, in Pack pack)
    {
        pack.Spool.Write(destination);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], pack.First);
        BinaryPrimitives.WriteInt32LittleEndian(destination[24..], pack.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[28..], pack.Checksum);
        BinaryPrimitives.WriteInt32LittleEndian(destination[32..], (int)pack.Class);
    }

    static Pack ReadPack(ReadOnlySpan<byte> bytes) => new(
        SpoolId.Read(bytes),
        (SpoolClass)BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]));
}
