using EdgeHub.Edge.Sensors;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors;

/// <summary>Trees of files as the kernel shows them, in a scratch directory.</summary>
public sealed class SysfsTests : IDisposable
{
    const string Serial = "28-0316a2795aff";
    const string Good = "59 01 4b 46 7f ff 07 10 c2 : crc=c2 YES\n59 01 4b 46 7f ff 07 10 c2 t=21562\n";

    readonly ScratchDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task An_iio_chip_is_found_by_name_and_read_in_our_units()
    {
        Put("bus/iio/devices/iio:device0/name", "ads1015\n");
        Put("bus/iio/devices/iio:device1/name", "bme280\n");
        Put("bus/iio/devices/iio:device1/in_temp_input", "23450\n");
        Put("bus/iio/devices/iio:device1/in_humidityrelative_input", "48632\n");
        Put("bus/iio/devices/iio:device1/in_pressure_input", "101.325000000\n");
        Assert.Equal([(23.45, Quality.Good), (48.632, Quality.Good), (101_325, Quality.Good)], await ReadAsync("iio/bme280", "temperature", "humidity", "pressure"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_raw_channel_is_scaled_and_a_missing_one_has_no_value()
    {
        Put("bus/iio/devices/iio:device3/name", "sht3x\n");
        Put("bus/iio/devices/iio:device3/in_temp_raw", "26214\n");
        Put("bus/iio/devices/iio:device3/in_temp_offset", "-16852.114285\n");
        Put("bus/iio/devices/iio:device3/in_temp_scale", "2.670328831\n");
        Assert.Equal([(25, Quality.Good), (double.NaN, Quality.BadNoData)], (await ReadAsync("iio/sht3x", "temperature", "humidity")).Select(item => (Math.Round(item.Value, 2), item.Quality)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_hwmon_chip_is_read()
    {
        Put("class/hwmon/hwmon2/name", "sht3x\n");
        Put("class/hwmon/hwmon2/temp1_input", "-5200\n");
        Put("class/hwmon/hwmon2/humidity1_input", "63400\n");
        Assert.Equal([(-5.2, Quality.Good), (63.4, Quality.Good)], await ReadAsync("hwmon/sht3x", "temperature", "humidity"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("t=21562", "YES", 21.562, Quality.Good)]
    [InlineData("t=-1250", "YES", -1.25, Quality.Good)]
    [InlineData("t=85000", "YES", double.NaN, Quality.BadNoData)]
    [InlineData("t=-127000", "YES", double.NaN, Quality.BadNoData)]
    public async Task A_thermometer_says_its_temperature_and_neither_85_nor_minus_127(string value, string crc, double expected, Quality quality)
    {
        Put($"bus/w1/devices/{Serial}/w1_slave", Good.Replace("t=21562", value, StringComparison.Ordinal).Replace("YES", crc, StringComparison.Ordinal));
        Assert.Equal([(expected, quality)], await ReadAsync($"w1/{Serial}", "temperature"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_wrong_checksum_is_counted_and_is_no_reading()
    {
        Put($"bus/w1/devices/{Serial}/w1_slave", Good.Replace("YES", "NO", StringComparison.Ordinal));
        await using var rig = Start($"w1/{Serial}", "temperature");
        await SamplerRig.UntilAsync(() => rig.Sensor("s").Counters.CrcErrors >= 2);
        Assert.Empty(rig.Take());
        Assert.Equal(Condition.Fault, rig.Sensor("s").Condition);
    }

    [Fact(Timeout = 60_000)]
    public async Task In_boiling_weather_85_is_a_temperature()
    {
        Put($"bus/w1/devices/{Serial}/w1_slave", Good.Replace("21562", "84500", StringComparison.Ordinal));
        await using var rig = Start($"w1/{Serial}", "temperature");
        await SamplerRig.UntilAsync(() => rig.Take().Count > 0);
        Put($"bus/w1/devices/{Serial}/w1_slave", Good.Replace("21562", "85000", StringComparison.Ordinal));
        await SamplerRig.UntilAsync(() => rig.Take().Any(reading => reading is { Value: 85, Quality: Quality.Good }));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_chip_that_is_missing_is_waited_for_and_found_by_itself()
    {
        await using var rig = Start("iio/bme280", "temperature");
        await SamplerRig.UntilAsync(() => rig.Sensor("s").Condition == Condition.Waiting);
        Assert.Contains("dtoverlay", rig.Sensor("s").Sentence, StringComparison.Ordinal);
        Put("bus/iio/devices/iio:device0/in_temp_input", "23450\n");
        Put("bus/iio/devices/iio:device0/name", "bme280\n");
        await SamplerRig.UntilAsync(() => rig.Sensor("s").Condition == Condition.Ok);
    }

    SamplerRig Start(string device, params string[] quantities)
    {
        var rig = new SamplerRig($$"""{ "sensors": [ { "id": "s", "driver": "sysfs", "device": "{{device}}", "root": "{{directory.Path}}", "interval": "50ms", "quantities": ["{{string.Join("\",\"", quantities)}}"] } ] }""", TimeProvider.System);
        _ = rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        return rig;
    }

    async Task<IReadOnlyList<(double Value, Quality Quality)>> ReadAsync(string device, params string[] quantities)
    {
        await using var rig = Start(device, quantities);
        await SamplerRig.UntilAsync(() => rig.Take().Count >= quantities.Length);
        return [.. rig.Take().Take(quantities.Length).Select(reading => (reading.Value, reading.Quality))];
    }

    void Put(string file, string text)
    {
        var path = directory.File(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
