using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// Finds two live boxes with one gateway id: spools of one class and different boots that take turns in the live lane.
/// A restart changes the spool once and never goes back, and what an old spool still owes comes by the backlog lane. Urgent readings go
/// at once whatever their age, so their turns prove nothing; there it is their times: what one boot recorded ends before the next boot begins.
/// No data is mixed in any case: identity is the spool's.
/// </summary>
public sealed class TwinDetector
{
    const int GatewaysMax = 100_000;

    readonly Dictionary<(string Gateway, SpoolClass Class), Seen> seen = [];
    readonly BootOverlaps overlaps = new();

    /// <summary>An event when this live block proves a twin; once per pair of boots.</summary>
    public StoreEvent? Note(DeliveredRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Content?.Block is { } urgent && record.Class == SpoolClass.Urgent)
            return overlaps.Note(record, urgent);
        if (record.Content?.Block is not { } block || record.Lane != Lane.Live)
            return null;
        if (seen.Count >= GatewaysMax)
            seen.Clear();
        var key = (record.Gateway, record.Class);
        var boot = Convert.ToHexStringLower(block.BootId.Span);
        if (!seen.TryGetValue(key, out var state) || state.Current == record.Spool)
        {
            seen[key] = state with { Current = record.Spool, CurrentBoot = boot, Number = Math.Max(record.Number, state.Current == record.Spool ? state.Number : 0) };
            return null;
        }

        // A broker may bring old messages again: they say nothing.
        if (state.Before == record.Spool && record.Number <= state.BeforeNumber)
            return null;
        // Back to the spool before this one, and further than it ever was: it is alive.
        var isTwin = state.Before == record.Spool && state.BeforeBoot != state.CurrentBoot;
        var told = state.Told;
        seen[key] = new Seen(record.Spool, boot, record.Number, state.Current, state.CurrentBoot, state.Number, told || isTwin);
        return isTwin && !told
            ? new StoreEvent(StoreEvent.TwinGateway, record.Gateway, $"Two boxes send as {record.Gateway}: boots {state.BeforeBoot} and {state.CurrentBoot} take turns. Give one of them another gateway id.", default)
            : null;
    }

    readonly record struct Seen(SpoolId Current, string CurrentBoot, ulong Number, SpoolId Before, string BeforeBoot, ulong BeforeNumber, bool Told);
}
