using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>
/// What became of each number of one spool. Precedence per number: stored > set aside > tombstoned > waiting, so an
/// original that arrives after its tombstone wins, and nothing ever falls back.
/// </summary>
public sealed class SpoolLedger
{
    readonly RangeSet stored = [];
    readonly RangeSet setAside = [];
    readonly RangeSet tombstoned = [];

    public IEnumerable<NumberRange> Stored => stored;

    public IEnumerable<NumberRange> SetAside => setAside;

    public IEnumerable<NumberRange> Tombstoned => tombstoned;

    /// <summary>The greatest number delivered, 0 before the first.</summary>
    public ulong Head => Math.Max(stored.Last, setAside.Last);

    public RecordState StateOf(ulong number) =>
        stored.Contains(number) ? RecordState.Stored
        : setAside.Contains(number) ? RecordState.SetAside
        : tombstoned.Contains(number) ? RecordState.Tombstoned
        : RecordState.Waiting;

    public void MarkStored(ulong number)
    {
        var one = new NumberRange(number, number);
        stored.Add(one);
        setAside.Remove(one);
        tombstoned.Remove(one);
    }

    public void MarkSetAside(ulong number)
    {
        if (stored.Contains(number))
            return;
        var one = new NumberRange(number, number);
        setAside.Add(one);
        tombstoned.Remove(one);
    }

    public void MarkTombstoned(NumberRange range)
    {
        foreach (var gap in stored.GapsIn(range))
            tombstoned.AddAll(setAside.GapsIn(gap));
    }

    /// <summary>As if these had never been delivered: a box that calls them acked is asked for them again.</summary>
    public void Forget(NumberRange range)
    {
        stored.Remove(range);
        setAside.Remove(range);
    }

    /// <summary>The numbers of <paramref name="claimed"/> that are neither stored, set aside nor tombstoned here.</summary>
    public IReadOnlyList<NumberRange> MissingOf(IEnumerable<NumberRange> claimed)
    {
        var known = new RangeSet(stored);
        known.AddAll(setAside);
        known.AddAll(tombstoned);
        return [.. claimed.SelectMany(known.GapsIn)];
    }

    public void Load(RecordState state, NumberRange range) => SetOf(state).Add(range);

    /// <summary>Every range with its state, as the table holds them.</summary>
    public IEnumerable<(RecordState State, NumberRange Range)> Rows() =>
        stored.Select(range => (RecordState.Stored, range))
            .Concat(setAside.Select(range => (RecordState.SetAside, range)))
            .Concat(tombstoned.Select(range => (RecordState.Tombstoned, range)));

    RangeSet SetOf(RecordState state) => state switch
    {
        RecordState.Stored => stored,
        RecordState.SetAside => setAside,
        RecordState.Tombstoned => tombstoned,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A waiting record has no row."),
    };
}
