using EdgeHub.Wire.Proto;

namespace EdgeHub.Simulation.World;

/// <summary>What the box measures: three normal streams, and an urgent one that speaks seldom.</summary>
static class Streams
{
    public const int Urgent = 3;

    public static readonly Catalog Catalog = new()
    {
        Site = "pump-room",
        Streams =
        {
            Of("air", "pm2_5", SpoolClass.Normal),
            Of("air", "pm10", SpoolClass.Normal),
            Of("water", "level", SpoolClass.Normal),
            Of("smoke", "alarm", SpoolClass.Urgent),
        },
    };

    public static string NameOf(int stream) => $"{Catalog.Streams[stream].Sensor}/{Catalog.Streams[stream].Quantity}";

    static EdgeHub.Wire.Proto.Stream Of(string sensor, string quantity, SpoolClass spoolClass) => new() { Sensor = sensor, Quantity = quantity, Unit = "1", SpoolClass = spoolClass };
}
