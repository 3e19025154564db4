using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Bundles;

/// <summary>What is to be carried away: what waits, a range of one spool, or what was recorded within a time.</summary>
/// <param name="Spool">Only this spool; null: all.</param>
/// <param name="Numbers">With a spool, whatever of it is still held, acked or not.</param>
/// <param name="Since">With either, by the box's own clock, whatever is still held from then on.</param>
sealed record BundleSelection(SpoolId? Spool, NumberRange? Numbers, DateTimeOffset? Since, DateTimeOffset? Until)
{
    bool IsTimed => Since is not null || Until is not null;

    public bool Takes(DeskSpool spool) => Spool is null || Spool.Value.ToString() == spool.Spool;

    /// <summary>The numbers of a spool that come into question.</summary>
    public IReadOnlyList<NumberRange> Of(DeskSpool spool) =>
        Numbers is { } range ? [.. new RangeSet(spool.Held).Within(range)] : IsTimed ? spool.Held : spool.Waiting;

    /// <summary>Numbers that were asked for by name and are held no more.</summary>
    public ulong GoneOf(DeskSpool spool) =>
        Numbers is { } range && range.First <= spool.Head ? new RangeSet(spool.Held).GapsIn(range with { Last = Math.Min(range.Last, spool.Head) }).Aggregate(0UL, (sum, gap) => sum + gap.Count) : 0;

    /// <summary>Whether any record of the envelope belongs to the time. What is no block (a catalog, a clock fix) goes along: blocks need it.</summary>
    public bool Takes(Wire.Envelope envelope) => !IsTimed || envelope.Records.Any(record => RecordCodec.TryDecode(record, out _)?.Block is not { } block || IsWithin(block));

    // A block whose box did not know the time may be of any.
    bool IsWithin(Block block)
    {
        if (block.ClockQuality == ClockQuality.None)
            return true;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(block.UnixOffsetMs + (long)block.BootTimeMs);
        return (Since is not { } since || at >= since) && (Until is not { } until || at <= until);
    }
}
