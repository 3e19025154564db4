using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;

namespace EdgeHub.CloudBridge.Store.Commits;

/// <summary>
/// Finds boxes whose readings lie in the city's future. They are stored as they came, for what is recorded arrives; but no topic shows
/// them as its newest value: one year 9000 would silence it until then. Told once a spool; forgotten after a rollback.
/// </summary>
sealed class AheadClocks
{
    /// <summary>Further ahead than a clock that is set may be, and the time that a reading takes to arrive cannot explain it.</summary>
    public const long AheadMsMax = 5 * 60 * 1000;

    const int SpoolsMax = 100_000;

    readonly HashSet<int> told = [];

    /// <param name="newestMs">The newest reading's time.</param>
    public StoreEvent? Note(SpoolRow spool, string gateway, long newestMs, long nowMs)
    {
        if (newestMs <= nowMs + AheadMsMax || !told.Add(spool.Key))
            return null;
        if (told.Count > SpoolsMax)
            told.Clear();
        return new StoreEvent(StoreEvent.ClockAhead, gateway, $"{gateway} has readings of {DateTimeOffset.FromUnixTimeMilliseconds(newestMs):u}, and here it is {DateTimeOffset.FromUnixTimeMilliseconds(nowMs):u}: they are stored, and no city topic shows them. Check the box's clock, and the bridge's (timedatectl).", default);
    }

    public void Clear() => told.Clear();
}
