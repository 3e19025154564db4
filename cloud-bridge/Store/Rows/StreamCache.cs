namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>Stream keys by spool and catalog number, so that a block costs no query. Forgotten whole when full or after a rollback.</summary>
sealed class StreamCache
{
    const int CatalogsMax = 20_000;

    readonly Dictionary<(int Spool, ulong Catalog), StreamKey[]> known = [];

    public StreamKey[]? Find(int spool, ulong catalog) => known.GetValueOrDefault((spool, catalog));

    public void Add(int spool, ulong catalog, StreamKey[] streams)
    {
        if (known.Count >= CatalogsMax)
            known.Clear();
        known[(spool, catalog)] = streams;
    }

    public void Clear() => known.Clear();
}
