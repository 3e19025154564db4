using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Commits;

/// <summary>
/// Finds two boxes of one site that ask on one bus at the same time: the same sensor's readings are <c>active</c> in both, at times that
/// overlap by more than two clocks that are set may be apart. A box's time as the one that asks ends with its process, with the first
/// reading that it only overheard, and with a pause that is out of all proportion to its pace. Watched in what comes live, by this bridge
/// alone; forgotten whole when full or after a rollback.
/// </summary>
sealed class ActiveOverlaps
{
    const int SensorsMax = 100_000;
    const int PairsMax = 1_000;

    /// <summary>Further than two clocks that are set may be apart.</summary>
    const long ApartMsMax = 10_000;

    /// <summary>A pause of so many of the longest steps before is an absence.</summary>
    const int StepsMax = 3;

    readonly Dictionary<string, Pair> seen = new(StringComparer.Ordinal);
    readonly HashSet<(int, int)> told = [];

    /// <summary>An event for each two processes that are found, once.</summary>
    public StoreEvent? Note(SpoolRow spool, DeliveredRecord record, StreamKey[] streams, long unixOffsetMs)
    {
        if (record.Lane == Lane.Backlog || record.Content!.Block.ClockQuality is not (ClockQuality.Ntp or ClockQuality.Gnss))
            return null;
        StoreEvent? found = null;
        var readings = record.Readings!;
        for (int start = 0, end; start < readings.Count; start = end)
        {
            for (end = start + 1; end < readings.Count && readings[end].Stream == readings[start].Stream; end++)
            {
            }

            if (streams[readings[start].Stream] is { IsFirstOfSensor: true, Topic: var topic } && Note(spool.Key, record.Gateway, topic, readings, start, end, unixOffsetMs) is { } told)
                found = told;
        }

        return found;
    }

    public void Clear()
    {
        seen.Clear();
        told.Clear();
    }

    StoreEvent? Note(int spool, string gateway, string topic, IReadOnlyList<Reading> readings, int start, int end, long unixOffsetMs)
    {
        if (seen.Count >= SensorsMax)
            seen.Clear();
        var pair = seen.GetValueOrDefault(topic);
        var tenure = pair.Of(gateway) is { } known && known.Spool == spool ? known : null;
        for (var i = start; i < end; i++)
            tenure = readings[i].Origin == Origin.Overheard ? null : Extend(tenure, spool, gateway, unixOffsetMs + readings[i].BootTimeMs);
        seen[topic] = pair = pair.With(gateway, tenure);
        if (pair is not { One: { } one, Other: { } other } || Math.Min(one.LastMs, other.LastMs) - Math.Max(one.FirstMs, other.FirstMs) <= ApartMsMax)
            return null;
        if (told.Count >= PairsMax)
            told.Clear();
        return told.Add((Math.Min(one.Spool, other.Spool), Math.Max(one.Spool, other.Spool)))
            ? new StoreEvent(StoreEvent.TwoActive, gateway, $"{one.Gateway} and {other.Gateway} ask on one bus at the same time: both have {topic} as their own since {DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(one.FirstMs, other.FirstMs)):u}. They do not hear each other: check the wires between them, and that both name the line in their list standby.", default)
            : null;
    }

    static Tenure Extend(Tenure? tenure, int spool, string gateway, long atMs)
    {
        if (tenure is null || atMs - tenure.LastMs > (tenure.StepMs * StepsMax) + ApartMsMax)
            return new Tenure(spool, gateway, atMs, atMs, 0);
        return tenure with { FirstMs = Math.Min(tenure.FirstMs, atMs), LastMs = Math.Max(tenure.LastMs, atMs), StepMs = Math.Max(tenure.StepMs, atMs - tenure.LastMs) };
    }

    /// <summary>A box while it asks.</summary>
    sealed record Tenure(int Spool, string Gateway, long FirstMs, long LastMs, long StepMs);

    // Whoever was heard of last stands first.
    readonly record struct Pair(Tenure? One, Tenure? Other)
    {
        public Tenure? Of(string gateway) => One?.Gateway == gateway ? One : Other?.Gateway == gateway ? Other : null;

        public Pair With(string gateway, Tenure? tenure)
        {
            var other = One?.Gateway == gateway ? Other : One;
            return tenure is null ? new Pair(other, null) : new Pair(tenure, other);
        }
    }
}
