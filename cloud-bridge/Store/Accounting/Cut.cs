using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>A place in a spool up to which the box has said what it recorded.</summary>
/// <param name="LastNumber">The last record that is counted.</param>
/// <param name="LastSequence">The last reading that is counted.</param>
/// <param name="AtMs">When it arrived, in Unix milliseconds.</param>
/// <param name="Counts">Cumulative, by position of the stream in the catalog.</param>
public sealed record Cut(long Gateway, SpoolId Spool, long LastNumber, long LastSequence, long AtMs, CutState State, IReadOnlyList<StreamCount> Counts, IReadOnlyList<Unread> Unread)
{
    /// <summary>Where every spool begins.</summary>
    public static Cut Beginning(long gateway, SpoolId spool) => new(gateway, spool, 0, 0, 0, CutState.Balanced, [], []);

    /// <summary>What was recorded between an earlier cut of the same spool and this one.</summary>
    public Dictionary<StreamName, long> Since(Cut earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var recorded = new Dictionary<StreamName, long>();
        foreach (var (sign, cut) in new[] { (1, this), (-1, earlier) })
            foreach (var one in cut.Counts)
                recorded[new StreamName(one.Sensor, one.Quantity)] = recorded.GetValueOrDefault(new StreamName(one.Sensor, one.Quantity)) + (sign * (long)one.Count);
        return recorded;
    }
}
