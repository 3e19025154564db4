namespace EdgeHub.DeviceSims.Chance;

/// <summary>
/// The raw integers a register can hold, and among them the band that is plausible for what it measures.
/// All bounds are inclusive.
/// </summary>
public sealed record ValueRange
{
    /// <summary>Bounds in ascending order: minimum ≤ low ≤ high ≤ maximum.</summary>
    public ValueRange(long minimum, long low, long high, long maximum)
    {
        if (minimum > low || low > high || high > maximum || high - low >= int.MaxValue)
        {
            throw new ArgumentException($"The bounds {minimum}, {low}, {high}, {maximum} are not in ascending order.");
        }

        (Minimum, Low, High, Maximum) = (minimum, low, high, maximum);
    }

    /// <summary>The least value the register holds.</summary>
    public long Minimum { get; }

    /// <summary>The least plausible value.</summary>
    public long Low { get; }

    /// <summary>The greatest plausible value.</summary>
    public long High { get; }

    /// <summary>The greatest value the register holds.</summary>
    public long Maximum { get; }

    /// <summary>How many values there are.</summary>
    public long Count => Maximum - Minimum + 1;

    /// <summary>How many plausible values there are.</summary>
    public long BandCount => High - Low + 1;

    /// <summary>A 16 bit unsigned register; 0xFFFF is left out, because many devices say "no data" with it.</summary>
    public static ValueRange Unsigned16(int low, int high) => new(0, low, high, 0xFFFE);

    /// <summary>A 16 bit signed register; 0x8000 is left out, because many devices say "no data" with it.</summary>
    public static ValueRange Signed16(int low, int high) => new(-0x7FFF, low, high, 0x7FFE);

    /// <summary>A quantity that only ever grows, from <paramref name="start"/> on.</summary>
    public static ValueRange Counter(long start, long maximum) => new(0, start, start, maximum);
}
