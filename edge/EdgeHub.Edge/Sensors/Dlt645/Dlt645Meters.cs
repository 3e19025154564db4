namespace EdgeHub.Edge.Sensors.Dlt645;

/// <summary>
/// What is read from a kind of meter (DL/T 645-2007, annex A, tables A.1 and A.3). The single identifiers and the block of
/// voltages (0201FF00) are held against published frames; the blocks of currents and reverse energy are from the table alone.
/// </summary>
public static class Dlt645Meters
{
    static readonly Dlt645Item Energy = new(0x00010000, new Dlt645Field("energy", "kW.h", 4, 2));
    static readonly Dlt645Item ReverseEnergy = new(0x00020000, new Dlt645Field("energy_reverse", "kW.h", 4, 2));
    static readonly Dlt645Item Power = new(0x02030000, new Dlt645Field("power", "kW", 3, 4, IsSigned: true));
    static readonly Dlt645Item PowerFactor = new(0x02060000, new Dlt645Field("power_factor", "1", 2, 3, IsSigned: true));
    static readonly Dlt645Item Frequency = new(0x02800002, new Dlt645Field("frequency", "Hz", 2, 2));

    /// <summary>The words of the configuration and what each reads.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Dlt645Item>> Kinds { get; } = new SortedDictionary<string, IReadOnlyList<Dlt645Item>>(StringComparer.Ordinal)
    {
        ["single-phase"] =
        [
            Energy,
            new(0x02010100, new Dlt645Field("voltage", "V", 2, 1)),
            new(0x02020100, new Dlt645Field("current", "A", 3, 3, IsSigned: true)),
            Power, PowerFactor, Frequency,
        ],
        ["three-phase"] =
        [
            Energy, ReverseEnergy,
            new(0x0201FF00, new Dlt645Field("voltage_a", "V", 2, 1), new Dlt645Field("voltage_b", "V", 2, 1), new Dlt645Field("voltage_c", "V", 2, 1)),
            new(0x0202FF00, new Dlt645Field("current_a", "A", 3, 3, IsSigned: true), new Dlt645Field("current_b", "A", 3, 3, IsSigned: true), new Dlt645Field("current_c", "A", 3, 3, IsSigned: true)),
            Power, PowerFactor, Frequency,
        ],
        ["energy"] = [Energy],
    };
}
