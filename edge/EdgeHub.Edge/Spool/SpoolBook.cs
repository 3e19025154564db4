using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// All spools that are known and the one lock over what is known of them: states, segment indexes, the tail in memory. No
/// disk is touched while it is held.
/// </summary>
sealed class SpoolBook(int tailBytes)
{
    readonly Dictionary<SpoolId, SpoolState> all = [];

    public Lock Gate { get; init; } = new();

    public Tail Tail { get; } = new(tailBytes);

    /// <summary>The spools this process writes, by class.</summary>
    public Dictionary<SpoolClass, SpoolState> Current { get; } = [];

    /// <summary>Spools whose writers have ended and of which nobody has said yet here what they counted.</summary>
    public List<SpoolState> Ended { get; } = [];

    public IReadOnlyCollection<SpoolState> All => all.Values;

    public SpoolState? Find(SpoolId id) => all.GetValueOrDefault(id);

    public SpoolState FindOrAdd(SpoolId id, SpoolClass spoolClass)
    {
        if (!all.TryGetValue(id, out var state))
            all.Add(id, state = new SpoolState(id, spoolClass));
        return state;
    }

    /// <summary>The spool that the next one of this class succeeds.</summary>
    public SpoolState? LastOf(SpoolClass spoolClass)
    {
        foreach (var state in all.Values)
            if (state.IsLastOfClass && state.Class == spoolClass)
                return state;
        return null;
    }

    /// <summary>From its first durable record on, a spool is the current and last one of its class.</summary>
    public void Admit(SpoolState state)
    {
        if (all.ContainsKey(state.Id))
            return;
        if (LastOf(state.Class) is { } before)
            before.IsLastOfClass = false;
        state.IsLastOfClass = true;
        all.Add(state.Id, state);
        Current[state.Class] = state;
    }

    /// <summary>A spool that another medium knew, or that was in memory only.</summary>
    public void Adopt(SpoolState state)
    {
        if (LastOf(state.Class) is { } last)
        {
            // Both count what was forgotten before their media parted.
            last.InheritAtLeast(state);
            state.IsLastOfClass = false;
        }

        state.IsVolatile = false;
        state.SettleKnown();
        all.Add(state.Id, state);
    }

    /// <summary>It is in memory only after all: no medium took it.</summary>
    public void GiveBack(SpoolState state)
    {
        state.IsVolatile = true;
        all.Remove(state.Id);
    }

    /// <summary>At start: what a medium was read into becomes the book.</summary>
    public void TakeOver(SpoolBook read)
    {
        foreach (var (id, state) in read.all)
            all.Add(id, state);
    }

    /// <summary>What sealed LiteDB files hold is known, also where the journal no longer has it.</summary>
    public void AddSealed(PackShelf shelf)
    {
        foreach (var file in shelf.Files())
            foreach (var (id, numbers) in file.Numbers)
            {
                SpoolState spool;
                lock (Gate)
                {
                    spool = FindOrAdd(id, file.Classes[id]);
                    spool.Sealed.AddAll(numbers);
                    foreach (var range in numbers)
                        spool.Unpacked.Remove(range);
                    if (numbers.Last <= spool.Head)
                        continue;
                }

                var last = shelf.Read(id, numbers.Last);
                lock (Gate)
                    if (last is [var record, ..])
                        spool.Advance(numbers.Last, record.ChainBefore.Then(RecordHash.Of(record.Bytes.Span)), record.ReadingsAfter);
                    else
                        spool.Advance(numbers.Last, spool.Chain, spool.Readings);
            }
    }

    /// <summary>Nothing is kept or owed of it: only its counts stay, with the last spool of its class.</summary>
    public void Forget(SpoolState state)
    {
        all.Remove(state.Id);
        LastOf(state.Class)?.Inherit(state);
    }

    /// <summary>At start: a snapshot no longer names it, so its counts are in another's already.</summary>
    public void Drop(SpoolState state) => all.Remove(state.Id);

    public List<Entry> Snapshot()
    {
        lock (Gate)
            return [.. all.Values.Select(state => state.ToSnapshot())];
    }
}
