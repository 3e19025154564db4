using Google.Protobuf;

namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>Stream keys by spool and catalog number, and the boots whose clock is kept, so that a block costs no query. Forgotten whole when full or after a rollback.</summary>
sealed class StreamCache
{
    const int CatalogsMax = 20_000;
    const int BootsMax = 100_000;

    readonly Dictionary<(int Spool, ulong Catalog), StreamKey[]> known = [];

    readonly HashSet<(long Gateway, ByteString Boot)> boots = [];

    /// <summary>True once per boot: its clock is in the database from then on.</summary>
    public bool IsNewBoot(long gateway, ByteString boot)
    {
        if (boots.Count >= BootsMax)
            boots.Clear();
        return boots.Add((gateway, boot));
    }

    public StreamKey[]? Find(int spool, ulong catalog) => known.GetValueOrDefault((spool, catalog));

    public void Add(int spool, ulong catalog, StreamKey[] streams)
    {
        if (known.Count >= CatalogsMax)
            known.Clear();
        known[(spool, catalog)] = streams;
    }

    public void Clear()
    {
        known.Clear();
        boots.Clear();
    }
}
