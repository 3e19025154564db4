namespace EdgeHub.Edge.Sensors.Cjt188;

/// <summary>
/// The unit codes of CJ/T 188 (annex, units of measure). Meters of one kind report in different units, and one meter may change
/// its unit as it counts; a stream has one unit for ever, so every number is brought to it here. 2C is held against a published
/// frame, the others are from the table alone.
/// </summary>
static class Cjt188Unit
{
    /// <summary>What the number must be multiplied with to be in <paramref name="unit"/>; null when the code is none or of another kind.</summary>
    public static decimal? Factor(byte code, string unit) => (code, unit) switch
    {
        (0x02, "kW.h") => 0.001m,
        (0x05, "kW.h") => 1,
        (0x08, "kW.h") => 1000,
        (0x0A, "kW.h") => 100_000, // MW·h × 100
        (0x01, "kW.h") => 1 / 3_600_000m, // J
        (0x0B, "kW.h") => 1 / 3600m, // kJ
        (0x0E, "kW.h") => 1 / 3.6m, // MJ
        (0x11, "kW.h") => 1000 / 3.6m, // GJ
        (0x13, "kW.h") => 100_000 / 3.6m, // GJ × 100
        (0x14, "kW") => 0.001m,
        (0x17, "kW") => 1,
        (0x1A, "kW") => 1000,
        (0x29, "m3") => 0.001m, // L
        (0x2C, "m3") => 1,
        (0x32, "m3/h") => 0.001m, // L/h
        (0x35, "m3/h") => 1,
        _ => null,
    };
}
