using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// Finds a box whose medium went back in time: it says that a spool ends before records which this store has of it. An image of an older day was
/// put back, or the medium lost what it had called flushed. A status may be late, and the head of a spool that is written moves on: so it counts only
/// when what is stored behind that head is older than the status, and when two statuses of different times say the same. Said once.
/// </summary>
public sealed class ImageDetector
{
    const int SpoolsMax = 100_000;

    /// <summary>A status is put together a little after the readings of its moment.</summary>
    const long MarginMs = 10_000;

    readonly Dictionary<(string Gateway, SpoolId Spool), Seen> seen = [];

    /// <param name="storedHead">The greatest number of the spool that is stored here.</param>
    /// <param name="behindMs">When the first of what is stored behind the box's head was read, in the box's Unix milliseconds; null when nothing is or nobody knows.</param>
    public StoreEvent? Note(GatewayStatus status, SpoolStatus spool, ulong storedHead, long? behindMs)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(spool);
        var key = (status.Gateway, spool.Spool);
        if (spool.Head >= storedHead || !status.Online || behindMs is null || behindMs > status.UnixTimeMs - MarginMs)
        {
            seen.Remove(key);
            return null;
        }

        if (seen.Count >= SpoolsMax)
            seen.Clear();
        if (!seen.TryGetValue(key, out var before) || before.Head != spool.Head)
        {
            seen[key] = new Seen(spool.Head, status.UnixTimeMs, false);
            return null;
        }

        if (before.Told || before.AtMs == status.UnixTimeMs)
            return null;
        seen[key] = before with { Told = true };
        return new StoreEvent(StoreEvent.RestoredImage, status.Gateway, $"{status.Gateway} says that spool {spool.Spool} ends with record {spool.Head}, and {storedHead} are here: an older image of its medium was put back, the medium lost what it had flushed, or of its two media the one with more is away. Nothing is stored twice; what was recorded after the image and not delivered is gone with the old medium.", default);
    }

    readonly record struct Seen(ulong Head, long AtMs, bool Told);
}
