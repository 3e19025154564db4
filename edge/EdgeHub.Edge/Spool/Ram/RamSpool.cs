using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool.Ram;

/// <summary>A spool in memory: its records that are not acked, and what it counted in all.</summary>
sealed class RamSpool(SpoolState state, Record catalog)
{
    readonly SpoolTally taken = TallyOf(catalog);

    public SpoolState State => state;

    public SortedDictionary<ulong, StoredRecord> Records { get; } = [];

    /// <summary>Readings taken, by stream.</summary>
    public IReadOnlyList<StreamCount> Counts => taken.Counts;

    public void Count(in StoredRecord stored) => Count(taken, stored);

    /// <summary>A tombstone to be for consecutive records that are no longer kept.</summary>
    public Grave Bury(IReadOnlyList<StoredRecord> going)
    {
        var counts = TallyOf(catalog);
        foreach (var record in going)
            Count(counts, record);
        var (first, last) = (going[0], going[^1]);
        return new Grave(state, new NumberRange(first.Number, last.Number), TombstoneReason.Dropped, first.ReadingsBefore, last.ReadingsAfter)
        {
            Chains = (first.ChainBefore, last.ChainBefore.Then(RecordHash.Of(last.Bytes.Span))),
            Counts = [.. counts.Counts.Where(one => one.Count > 0)],
        };
    }

    static void Count(SpoolTally tally, in StoredRecord stored)
    {
        if (stored.Readings > 0 && RecordCodec.TryDecode(stored.Bytes, out _) is { } record)
            tally.Take(record);
    }

    static SpoolTally TallyOf(Record catalog)
    {
        var tally = new SpoolTally();
        tally.Take(catalog);
        return tally;
    }
}
