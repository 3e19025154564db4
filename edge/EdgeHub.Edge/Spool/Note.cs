using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>Ranges of a spool that changed their standing: known at once, on the medium with the next commit.</summary>
/// <param name="Readings">In these ranges, as far as their standing changes.</param>
sealed record Note(EntryKind Kind, SpoolState Spool, RangeSet Numbers, ulong Readings)
{
    /// <summary>Of what is tombstoned: what is known of its ends.</summary>
    public Edges Edges { get; init; } = new();

    public static Note Of(Grave grave) => new(EntryKind.Tombstoned, grave.Spool, new RangeSet([grave.Numbers]), grave.Readings) { Edges = grave.Edges };

    public Note With(Note more)
    {
        var both = new RangeSet(Numbers);
        both.AddAll(more.Numbers);
        return this with { Numbers = both, Readings = Readings + more.Readings };
    }

    public Entry ToEntry()
    {
        var payload = new byte[Ranges.SizeOf(Numbers) + Edges.Size];
        Edges.Write(payload.AsSpan(Ranges.Write(payload, Numbers)));
        return new Entry(Kind, Spool.Class, Spool.Id, 0, default, 0, Readings, payload);
    }

    /// <summary>It is on the medium: what is acked may go now. Unless the city lost it again meanwhile.</summary>
    public void Settle()
    {
        if (Kind is not EntryKind.Released)
            return;
        foreach (var range in Numbers)
            Spool.Settled.AddAll(Spool.Acked.Within(range).ToList());
    }

    /// <summary>
    /// At start: what an entry says, applied to the state it is about. A snapshot may have said it before: then nothing is
    /// counted twice.
    /// </summary>
    public static void Replay(in Entry entry, SpoolState spool)
    {
        var numbers = new RangeSet();
        var at = Ranges.Read(entry.Payload.Span, numbers);
        switch (entry.Kind)
        {
            case EntryKind.Released when !numbers.All(spool.Acked.ContainsAll):
                spool.Acked.AddAll(numbers);
                spool.WaitingReadings -= Math.Min(entry.Total, spool.WaitingReadings);
                break;
            case EntryKind.SetAside:
                spool.SetAside.AddAll(numbers);
                break;
            case EntryKind.Unreleased when numbers.Any(range => spool.Acked.Within(range).Any()):
                foreach (var range in numbers)
                {
                    spool.Acked.Remove(range);
                    spool.SetAside.Remove(range);
                }

                spool.WaitingReadings += entry.Total;
                break;
            case EntryKind.Tombstoned when !numbers.All(spool.Tombstoned.ContainsAll):
                var edges = new Edges();
                edges.Read(entry.Payload.Span[at..]);
                spool.Bury(numbers, edges, entry.Total);
                break;
            case EntryKind.Revived when numbers.Any(range => spool.Tombstoned.Within(range).Any()):
                spool.Revive(numbers, entry.Total);
                break;
        }
    }
}
