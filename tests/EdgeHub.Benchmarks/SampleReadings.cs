using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Benchmarks;

/// <summary>
/// Readings as a box has them: 20 streams, once a second each, values with one or two decimals that wander. Seeded, so that
/// every run works on the same.
/// </summary>
static class SampleReadings
{
    public const int Streams = 20;

    const int Seed = 20_260_921;

    public static readonly BlockClock Clock = new(7, 1_790_000_000_000, ClockQuality.Ntp);

    public static Catalog Catalog()
    {
        var catalog = new Catalog { Site = "bench", Area = "330106/005/012" };
        for (var i = 0; i < Streams; i++)
            catalog.Streams.Add(new Wire.Proto.Stream { Sensor = $"s{i}", Quantity = "value", Unit = "1", SpoolClass = SpoolClass.Normal, Classification = "general-2", Model = "bench" });
        return catalog;
    }

    /// <summary>Consecutive blocks of <paramref name="readingsPerBlock"/> readings, a multiple of <see cref="Streams"/> each.</summary>
    public static Reading[][] Blocks(int count, int readingsPerBlock)
    {
        var random = new Random(Seed);
        var values = Enumerable.Range(0, Streams).Select(_ => random.Next(100, 100_000)).ToArray();
        var blocks = new Reading[count][];
        long second = 1000;
        for (var b = 0; b < count; b++)
        {
            blocks[b] = new Reading[readingsPerBlock];
            for (var i = 0; i < readingsPerBlock; i++)
            {
                var stream = i % Streams;
                second += stream == 0 ? 1 : 0;
                values[stream] += random.Next(-20, 21);
                // Each sensor at its own moment within the second, as a poller does it.
                blocks[b][i] = new Reading(stream, (second * 1000) + (stream * 7), values[stream] / (stream % 2 == 0 ? 10.0 : 100.0), Quality.Good);
            }
        }

        return blocks;
    }
}
