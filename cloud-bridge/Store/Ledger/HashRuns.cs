using System.Buffers.Binary;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>What the ledger remembers of the content of some numbers.</summary>
sealed class HashRuns(IReadOnlyList<HashRun> runs)
{
    /// <summary>
    /// Whether the record's bytes can be the ones the ledger holds under its number. Within the kept days the short hash
    /// decides; after that the chain value at the run's end does, for the record that stands there.
    /// </summary>
    public bool Agrees(DeliveredRecord record)
    {
        foreach (var run in runs)
            if (run.Numbers.Contains(record.Number))
                return (run.Short.Length == 0 || ShortAt(run, record.Number) == record.Hash.A)
                    && (record.Number != run.Numbers.Last || run.Chain == record.Chain);
        return true;
    }

    static ulong ShortAt(HashRun run, ulong number) =>
        BinaryPrimitives.ReadUInt64BigEndian(run.Short.AsSpan((int)(number - run.Numbers.First) * LedgerTable.ShortHashSize));
}
