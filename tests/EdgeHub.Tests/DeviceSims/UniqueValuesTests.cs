using EdgeHub.DeviceSims;
using EdgeHub.DeviceSims.Chance;
using EdgeHub.DeviceSims.Doubles;

namespace EdgeHub.Tests.DeviceSims;

public sealed class UniqueValuesTests
{
    private const int SamplesPerRun = 60_000;

    [Theory]
    [InlineData(1)]
    [InlineData(20261123)]
    public void A_stream_never_repeats_a_value_within_a_run(ulong seed)
    {
        Assert.All(Emitters(seed), emitter =>
        {
            var seen = new Dictionary<string, HashSet<double>>();
            for (var i = 0; i < SamplesPerRun; i++)
            {
                foreach (var value in emitter().Values)
                {
                    Assert.True(seen.TryGetValue(value.Quantity, out var values) || seen.TryAdd(value.Quantity, values = []));
                    Assert.True(values!.Add(value.Value), $"{value.Quantity} {value.Value} comes again at sample {i}.");
                }
            }
        });
    }

    [Fact]
    public void Equal_seeds_give_equal_values_and_other_seeds_others()
    {
        Assert.Equal(First(1), First(1));
        Assert.NotEqual(First(1), First(2));

        static List<SentValue> First(ulong seed) => [.. Emitters(seed).SelectMany(emitter => emitter().Values)];
    }

    [Fact]
    public void The_band_comes_first_and_whole_and_no_value_looks_like_no_data()
    {
        var series = new UniqueSeries(ValueRange.Unsigned16(100, 109), new SplitMix64(5));
        var values = Enumerable.Range(0, (int)series.UniqueCount).Select(_ => series.Next()).ToList();

        Assert.Equal(Enumerable.Range(100, 10).Select(value => (long)value), values.Take(10).Order());
        Assert.Equal([110, 111], values.Skip(10).Take(2));
        Assert.DoesNotContain(0x7FFF, values);
        Assert.DoesNotContain(0xFFFF, values);
        Assert.Equal(values.Count, values.Distinct().Count());
    }

    [Fact]
    public void A_total_only_grows()
    {
        var series = new UniqueSeries(ValueRange.Counter(500, 0xFFFE), new SplitMix64(5));
        var values = Enumerable.Range(0, 1000).Select(_ => series.Next()).ToList();

        Assert.Equal(values.Order(), values);
        Assert.Equal(500, values[0]);
    }

    [Fact]
    public void The_standard_set_has_at_least_twenty_streams() =>
        Assert.InRange(StandardSet.Devices(1).Sum(entry => entry.Device.Quantities.Count), 20, int.MaxValue);

    private static List<Func<Emission>> Emitters(ulong seed)
    {
        var pms = new Pms5003("pms1", seed);
        var weather = new WeatherStation("weather1", 1, seed);
        var noise = new NoiseMeter("noise1", 2, seed);
        var meter = new MeterSdm("meter1", 3, seed);
        return
        [
            pms.Measure,
            () => weather.Answer(ModbusSlaveTests.Request(1, 3, 0x01F4, 14))!,
            () => noise.Answer(ModbusSlaveTests.Request(2, 3, 0, 1))!,
            () => meter.Answer(ModbusSlaveTests.Request(3, 4, 0, 0x48))!,
            () => meter.Answer(ModbusSlaveTests.Request(3, 4, 0x0156, 2))!,
        ];
    }
}
