namespace EdgeHub.Edge.Sensors.Plantower;

/// <summary>What a PMS5003 yields, in the order of <see cref="Pms5003Frame"/>'s values.</summary>
public static class Pms5003Streams
{
    const string Mass = "ug/m3";

    // Particles in 0.1 litre of air beyond the named diameter in micrometres.
    const string Count = "/(100.mL)";

    /// <summary>Data words 4-6 (in the air as it is), 7-12 (counts) and 1-3 (calibration, "CF=1").</summary>
    public static IReadOnlyList<SensorQuantity> All { get; } =
    [
        new("pm1_0", Mass), new("pm2_5", Mass), new("pm10", Mass),
        new("n0_3", Count), new("n0_5", Count), new("n1_0", Count), new("n2_5", Count), new("n5_0", Count), new("n10", Count),
        new("pm1_0_cf1", Mass), new("pm2_5_cf1", Mass), new("pm10_cf1", Mass),
    ];
}
