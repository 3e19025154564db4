using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// Finds two live boxes with one gateway id: spools of one class that take turns in the live lane.
/// A restart changes the spool once and never goes back, and what an old spool still owes comes by the backlog lane; where the boot is
/// the same, a message that a broker held back may look like a way back, and many are needed. Urgent readings go
/// at once whatever their age, so their turns prove nothing; there it is their times: what one boot recorded ends before the next boot begins.
/// No data is mixed in any case: identity is the spool's.
/// </summary>
public sealed class TwinDetector
{
    const int GatewaysMax = 100_000;

    /// <summary>Spools of one boot that take so many turns are no late messages: two daemons run on one machine.</summary>
    public const int TurnsOfOneBoot = 6;

    readonly Dictionary<(string Gateway, SpoolClass Class), Seen> seen = [];
    readonly BootOverlaps overlaps = new();

    /// <summary>What this live block proves: a twin at each turn that it takes; new once per gateway and class.</summary>
    public TwinSign? Note(DeliveredRecord record)
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
        var turns = state.Before == record.Spool ? state.Turns + 1 : 0;
        var isTwin = turns > 0 && (state.BeforeBoot != state.CurrentBoot || turns >= TurnsOfOneBoot);
        var told = state.Told;
        seen[key] = new Seen(record.Spool, boot, record.Number, state.Current, state.CurrentBoot, state.Number, turns, told || isTwin);
        return isTwin ? new TwinSign(new StoreEvent(StoreEvent.TwinGateway, record.Gateway, Text(record, state), default), !told) : null;
    }

    static string Text(DeliveredRecord record, Seen state) => state.BeforeBoot != state.CurrentBoot
        ? $"Two boxes send as {record.Gateway}: boots {state.BeforeBoot} and {state.CurrentBoot} take turns. Give one of them another gateway id."
        : $"Two daemons on one machine send as {record.Gateway}: spools {state.Before} and {state.Current} of boot {state.CurrentBoot} take turns. Give one of them another gateway id.";

    readonly record struct Seen(SpoolId Current, string CurrentBoot, ulong Number, SpoolId Before, string BeforeBoot, ulong BeforeNumber, int Turns, bool Told);
}
