using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>The newest records in memory, so that live traffic reads no disk. Guarded by the lock of <see cref="Spools"/>.</summary>
sealed class Tail(int bytesMax)
{
    const int RecordsMax = 4096;

    readonly Queue<(SpoolId Spool, ulong Number)> order = [];
    readonly Dictionary<(SpoolId Spool, ulong Number), StoredRecord> records = [];
    long bytes;

    public void Add(SpoolId spool, StoredRecord record)
    {
        records[(spool, record.Number)] = record;
        order.Enqueue((spool, record.Number));
        bytes += record.Bytes.Length;
        while (bytes > bytesMax || order.Count > RecordsMax)
            if (records.Remove(order.Dequeue(), out var oldest))
                bytes -= oldest.Bytes.Length;
    }

    public bool TryGet(SpoolId spool, ulong number, out StoredRecord record) => records.TryGetValue((spool, number), out record);
}
