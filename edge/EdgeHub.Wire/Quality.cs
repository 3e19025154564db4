namespace EdgeHub.Wire;

/// <summary>
/// How far a value can be trusted, one byte on the wire: 0 good; 64-127 uncertain; 128-191 bad, with the value that was read;
/// 192-255 bad, without a value. New codes are added inside their range; nobody renumbers.
/// </summary>
#pragma warning disable CA1028 // One byte on the wire and in every reading that waits in memory.
public enum Quality : byte
#pragma warning restore CA1028
{
    Good = 0,

    /// <summary>The sensor has not yet reached its stated accuracy after power-on or wake-up.</summary>
    UncertainWarmUp = 64,

    /// <summary>Derived from an input that is itself uncertain.</summary>
    UncertainSource = 65,

    /// <summary>The value is good and its time is not: the boot ended without a clock, and the city put it between its neighbours.</summary>
    UncertainTime = 66,

    /// <summary>Outside the range that the datasheet or the profile states.</summary>
    BadOutOfRange = 128,

    /// <summary>The instrument answered and says it has no value (a "no data" sentinel).</summary>
    BadNoData = 192,

    /// <summary>The instrument reports its own fault.</summary>
    BadDeviceFault = 193,
}

public static class QualityExtensions
{
    public static bool HasValue(this Quality quality) => (byte)quality < 192;

    /// <summary>The flag of HJ 212-2017 (appendix A), as docs/platform.md has the table; a code of a newer box counts by its range.</summary>
    public static string Hj212(this Quality quality) => quality switch
    {
        Quality.UncertainWarmUp => "C",
        Quality.BadOutOfRange => "T",
        Quality.BadNoData => "B",
        Quality.BadDeviceFault => "D",
        _ => (byte)quality switch { < 128 => "N", < 192 => "T", _ => "B" },
    };

    /// <summary>The word used in JSON and SQL: good, uncertain or bad.</summary>
    public static string Grade(this Quality quality) => (byte)quality switch { < 64 => "good", < 128 => "uncertain", _ => "bad" };
}
