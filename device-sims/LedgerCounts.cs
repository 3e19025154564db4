namespace EdgeHub.DeviceSims;

/// <summary>How many values a device has had, by what became of them.</summary>
/// <param name="Emitted">In correct frames that went out whole.</param>
/// <param name="Spoiled">In frames that a fault gave a wrong checksum.</param>
/// <param name="Dropped">In frames that did not go out, or not whole: silence, nobody listening, a stuck reader, unplugged.</param>
public readonly record struct LedgerCounts(long Emitted, long Spoiled, long Dropped)
{
    /// <summary>Adds two counts.</summary>
    public static LedgerCounts operator +(LedgerCounts left, LedgerCounts right) => Add(left, right);

    /// <summary>Adds two counts.</summary>
    public static LedgerCounts Add(LedgerCounts left, LedgerCounts right) =>
        new(left.Emitted + right.Emitted, left.Spoiled + right.Spoiled, left.Dropped + right.Dropped);
}
