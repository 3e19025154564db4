namespace EdgeHub.Edge.Sensors.Plantower;

/// <summary>One make of the family. They differ in the length of their frames and in what the words mean.</summary>
/// <param name="Name">As it is printed on the sensor.</param>
/// <param name="LengthField">Bytes after the length field: the data words and the sum.</param>
/// <param name="Streams">What it yields.</param>
/// <param name="Words">Where each of those is: the data word counted from 1 as the manuals do, its divisor, and whether it is signed.</param>
/// <param name="StatusWord">The word with version and error code; 0 where there is none.</param>
public sealed record PlantowerModel(string Name, int LengthField, IReadOnlyList<SensorQuantity> Streams, IReadOnlyList<(int Word, int Divisor, bool Signed)> Words, int StatusWord)
{
    const double MassMax = 1000; // Manual, table 1: "maximum range 1000 ug/m3".

    // Particles in 0.1 litre of air beyond the named diameter in micrometres.
    static readonly SensorQuantity[] Counts = [Count("n0_3"), Count("n0_5"), Count("n1_0"), Count("n2_5"), Count("n5_0"), Count("n10")];

    /// <summary>PMS5003, PMS7003, PMSA003. Source: PMS5003 series data manual V2.3, appendix I; words 4-6 in the air as it is, 7-12 counts, 1-3 calibration ("CF=1").</summary>
    public static PlantowerModel Pms5003 { get; } = new("PMS5003", 28, [.. Masses(""), .. Counts, .. Masses("_cf1")], Plain(4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3), 13);

    /// <summary>The older PMS3003 and its G3 kin: no counts, no status. Source: PMS3003 data manual.</summary>
    public static PlantowerModel Pms3003 { get; } = new("PMS3003", 20, [.. Masses(""), .. Masses("_cf1")], Plain(4, 5, 6, 1, 2, 3), 0);

    /// <summary>With formaldehyde, temperature and humidity. Source: PMS5003ST data manual V2.0, appendix I.</summary>
    public static PlantowerModel Pms5003St { get; } = new(
        "PMS5003ST",
        36,
        [.. Pms5003.Streams, new("ch2o", "mg/m3", 0, 2), new("temperature", "Cel", -20, 99), new("humidity", "%", 0, 99)],
        [.. Pms5003.Words, (13, 1000, false), (14, 10, true), (15, 10, false)],
        17);

    static IReadOnlyList<(int, int, bool)> Plain(params int[] words) => [.. words.Select(word => (word, 1, false))];

    static SensorQuantity Count(string name) => new(name, "/(100.mL)", 0, ushort.MaxValue);

    static SensorQuantity[] Masses(string suffix) => [Mass("pm1_0" + suffix), Mass("pm2_5" + suffix), Mass("pm10" + suffix)];

    static SensorQuantity Mass(string name) => new(name, "ug/m3", 0, MassMax);
}
