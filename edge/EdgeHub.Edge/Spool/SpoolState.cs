using System.Buffers.Binary;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>What is known of one spool beside its records. Guarded by the lock of <see cref="Spools"/>.</summary>
sealed class SpoolState(SpoolId id, SpoolClass spoolClass)
{
    const int CountsBytes = 32;

    public SpoolId Id => id;

    public SpoolClass Class => spoolClass;

    /// <summary>Last recorded number.</summary>
    public ulong Head { get; set; }

    /// <summary>Chain value after the head.</summary>
    public RecordHash Chain { get; set; }

    /// <summary>Readings recorded: the sequence of the last one.</summary>
    public ulong Readings { get; private set; }

    /// <summary>Recorded, and neither acked nor tombstoned nor local.</summary>
    public ulong WaitingReadings { get; set; }

    /// <summary>Recorded, and a tombstone stands for them; as far as is known how many they were.</summary>
    public ulong TombstonedReadings { get; private set; }

    /// <summary>Readings of spools of this class that are no longer mentioned: what was recorded in all, and of that tombstoned.</summary>
    public (ulong Recorded, ulong Tombstoned) Inherited { get; private set; }

    /// <summary>Held by the city, set aside included.</summary>
    public RangeSet Acked { get; } = new();

    public RangeSet SetAside { get; } = new();

    public RangeSet Tombstoned { get; } = new();

    /// <summary>Readings up to both ends of what is tombstoned, as far as they were known.</summary>
    public Edges Edges { get; } = new();

    /// <summary>Acked or tombstoned, and the journal says so on the medium: only this lets bytes go.</summary>
    public RangeSet Settled { get; } = new();

    /// <summary>In a sealed LiteDB file.</summary>
    public RangeSet Sealed { get; } = new();

    /// <summary>Was in a sealed LiteDB file that went as history: no copy in the journal is kept for its sake.</summary>
    public RangeSet Forgone { get; } = new();

    /// <summary>In the active LiteDB file, which is no copy before it is sealed.</summary>
    public RangeSet Packed { get; } = new();

    /// <summary>In the journal alone.</summary>
    public RangeSet Unpacked { get; } = new();

    /// <summary>Bytes recorded since the last pack.</summary>
    public long UnpackedBytes { get; set; }

    /// <summary>The last of its class: a new spool names it as its predecessor.</summary>
    public bool IsLastOfClass { get; set; }

    /// <summary>Found in no copy; the tombstone is on its way to the medium.</summary>
    public RangeSet Holes { get; } = new();

    /// <summary>In memory only: the journal knows nothing of it, and when it does, everything at once.</summary>
    public bool IsVolatile { get; set; }

    public bool IsLocal => spoolClass == SpoolClass.Local;

    public bool IsWaiting(ulong number) =>
        number >= 1 && number <= Head && !IsLocal && !Acked.Contains(number) && !Tombstoned.Contains(number) && !Holes.Contains(number);

    /// <summary>Whether all of them wait.</summary>
    public bool IsWaiting(NumberRange range) =>
        range.Last <= Head && !IsLocal && !Acked.Within(range).Any() && !Tombstoned.Within(range).Any() && !Holes.Within(range).Any();

    public IReadOnlyList<NumberRange> Waiting()
    {
        if (Head == 0 || IsLocal)
            return [];
        var gone = new RangeSet(Acked);
        gone.AddAll(Tombstoned);
        gone.AddAll(Holes);
        return [.. gone.GapsIn(new NumberRange(1, Head))];
    }

    /// <summary>Whether nothing here is owed to anyone: every number acked, tombstoned or local, on the medium.</summary>
    public bool IsSettled(NumberRange range) => IsLocal || Settled.ContainsAll(range);

    /// <summary>The head moved on, over records that are there or were lost: what they hold waits.</summary>
    /// <param name="readings">Readings of the spool up to the new head.</param>
    public void Advance(ulong head, RecordHash chain, ulong readings)
    {
        (Head, Chain) = (head, chain);
        if (readings <= Readings)
            return;
        WaitingReadings += IsLocal ? 0 : readings - Readings;
        Readings = readings;
    }

    /// <summary>Tombstoned, or about to be.</summary>
    public bool IsGone(ulong number) => Tombstoned.Contains(number) || Holes.Contains(number);

    /// <summary>From <paramref name="first"/> on the last number before one that is gone; less than the first when there is none.</summary>
    public ulong Present(ulong first, ulong last) => first > last
        ? last
        : Tombstoned.Within(new NumberRange(first, last)).Concat(Holes.Within(new NumberRange(first, last))).Aggregate(last, (end, gone) => Math.Min(end, gone.First - 1));

    /// <summary>No longer there; the tombstone is on its way.</summary>
    public void Miss(Grave grave)
    {
        Holes.Add(grave.Numbers);
        Edges.AddAll(grave.Edges);
    }

    /// <summary>A tombstone stands for these numbers from here on.</summary>
    public void Bury(RangeSet numbers, Edges edges, ulong readings)
    {
        Tombstoned.AddAll(numbers);
        Edges.AddAll(edges);
        Edges.Prune(IsGone);
        TombstonedReadings += readings;
        WaitingReadings -= Math.Min(readings, WaitingReadings);
    }

    /// <summary>Stored wins over tombstoned: an original that arrived after all.</summary>
    public void Revive(RangeSet numbers, ulong readings)
    {
        foreach (var range in numbers)
            Tombstoned.Remove(range);
        Edges.Prune(IsGone);
        TombstonedReadings -= Math.Min(readings, TombstonedReadings);
    }

    /// <summary>Takes over what a spool of this class counted that is not mentioned any more.</summary>
    public void Inherit(SpoolState forgotten) => Inherited = (
        Inherited.Recorded + forgotten.Inherited.Recorded + forgotten.Readings,
        Inherited.Tombstoned + forgotten.Inherited.Tombstoned + forgotten.TombstonedReadings);

    /// <summary>Takes over what another medium counted of spools that are no longer mentioned.</summary>
    public void InheritAtLeast(SpoolState other)
    {
        Inherited = (Math.Max(Inherited.Recorded, other.Inherited.Recorded), Math.Max(Inherited.Tombstoned, other.Inherited.Tombstoned));
        other.Inherited = default;
    }

    public SpoolView View(bool isCurrent) =>
        new(Id, Class, Head, Chain, new RangeSet(Acked), new RangeSet(SetAside), new RangeSet(Tombstoned), Waiting(), isCurrent);

    /// <summary>
    /// Everything that outlasts the segments it was first written in: what waits, what is tombstoned, what was inherited, as
    /// 8 bytes each, then the ranges, then the edges if there are any.
    /// </summary>
    public Entry ToSnapshot()
    {
        var size = CountsBytes + Ranges.SizeOf(Acked) + Ranges.SizeOf(SetAside) + Ranges.SizeOf(Tombstoned) + Edges.Size;
        var payload = new byte[size];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, WaitingReadings);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(8), TombstonedReadings);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(16), Inherited.Recorded);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(24), Inherited.Tombstoned);
        var at = CountsBytes;
        foreach (var set in new[] { Acked, SetAside, Tombstoned })
            at += Ranges.Write(payload.AsSpan(at), set);
        Edges.Write(payload.AsSpan(at));
        return new Entry(EntryKind.Snapshot, Class, Id, Head, Chain, IsLastOfClass ? 1u : 0u, Readings, payload);
    }

    /// <summary>Takes over what a snapshot says; what was known before is forgotten.</summary>
    public void Restore(in Entry snapshot)
    {
        var payload = snapshot.Payload.Span;
        Head = snapshot.Number;
        Chain = snapshot.Chain;
        IsLastOfClass = snapshot.Readings != 0;
        Readings = snapshot.Total;
        WaitingReadings = BinaryPrimitives.ReadUInt64LittleEndian(payload);
        TombstonedReadings = BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]);
        Inherited = (BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]), BinaryPrimitives.ReadUInt64LittleEndian(payload[24..]));
        var at = CountsBytes;
        foreach (var set in new[] { Acked, SetAside, Tombstoned })
        {
            set.Remove(new NumberRange(0, ulong.MaxValue));
            at += Ranges.Read(payload[at..], set);
        }

        Edges.Clear();
        Edges.Read(payload[at..]);
    }

    /// <summary>It is in the journal now, and in no other copy yet.</summary>
    public void Keep(in StoredRecord stored)
    {
        Unpacked.Add(stored.Number);
        UnpackedBytes += stored.Bytes.Length;
    }

    /// <summary>The sealed file that held these numbers is deleted or damaged.</summary>
    /// <param name="elsewhere">What other sealed files hold.</param>
    public void Gone(RangeSet numbers, RangeSet elsewhere)
    {
        foreach (var range in numbers)
        {
            Sealed.Remove(range);
            Sealed.AddAll(elsewhere.Within(range).ToList());
        }
    }

    /// <summary>Readings of lost records may be unknown and are then not counted down: when nothing waits, none of them does.</summary>
    public void CountDownIfDone()
    {
        if (Holes.IsEmpty && Waiting().Count == 0)
            WaitingReadings = 0;
    }

    public void SettleKnown()
    {
        Settled.AddAll(Acked);
        Settled.AddAll(Tombstoned);
    }
}
