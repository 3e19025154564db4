namespace EdgeHub.Edge.Sensors.Nmea;

/// <summary>The streams of a satellite receiver, by position.</summary>
static class Gnss
{
    public const int Latitude = 0;
    public const int Longitude = 1;
    public const int Altitude = 2;
    public const int Satellites = 3;
    public const int Hdop = 4;
    public const int Speed = 5;
    public const int Course = 6;

    public static IReadOnlyList<SensorQuantity> Streams { get; } =
    [
        new("latitude", "deg", -90, 90),
        new("longitude", "deg", -180, 180),
        new("altitude", "m", -500, 20_000),
        new("satellites", "1", 0, 99),
        new("hdop", "1", 0, 100),
        new("speed", "m/s", 0, 600),
        new("course", "deg", 0, 360),
    ];
}
