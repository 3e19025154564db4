using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// When the last two boots of each gateway recorded urgent readings, by clocks that a server or satellite had set. One box's boots follow
/// each other; where they overlap by more than clocks may differ, two boxes live under one id.
/// </summary>
sealed class BootOverlaps
{
    const int GatewaysMax = 100_000;

    /// <summary>Further than two clocks that are set may be apart.</summary>
    const long ApartMsMax = 10_000;

    readonly Dictionary<string, Pair> seen = [];

    public TwinSign? Note(DeliveredRecord record, Block block)
    {
        if (block.ClockQuality is not (ClockQuality.Ntp or ClockQuality.Gnss) || record.Readings is not { Count: > 0 })
            return null;
        if (seen.Count >= GatewaysMax)
            seen.Clear();
        var boot = Convert.ToHexStringLower(block.BootId.Span);
        var (first, last) = RunExtent.Times(record, block.UnixOffsetMs);
        var pair = seen.GetValueOrDefault(record.Gateway);
        var isTurn = pair.One?.Boot != boot;
        var span = pair.Of(boot) is { } known ? known with { FirstMs = Math.Min(known.FirstMs, first), LastMs = Math.Max(known.LastMs, last) } : new Span(boot, first, last);
        pair = pair.With(span);
        var isTwin = pair is { One: { } one, Other: { } other } && Math.Min(one.LastMs, other.LastMs) - Math.Max(one.FirstMs, other.FirstMs) > ApartMsMax;
        seen[record.Gateway] = pair with { Told = pair.Told || isTwin };
        return isTwin && (isTurn || !pair.Told)
            ? new TwinSign(new StoreEvent(StoreEvent.TwinGateway, record.Gateway, $"Two boxes send as {record.Gateway}: boots {pair.One!.Boot} and {pair.Other!.Boot} record at the same time. Give one of them another gateway id.", default), !pair.Told)
            : null;
    }

    sealed record Span(string Boot, long FirstMs, long LastMs);

    // The boot that was heard of last stands first.
    readonly record struct Pair(Span? One, Span? Other, bool Told)
    {
        public Span? Of(string boot) => One?.Boot == boot ? One : Other?.Boot == boot ? Other : null;

        public Pair With(Span span) => new(span, One?.Boot == span.Boot ? Other : One, Told);
    }
}
