using System.Device.I2c;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Bosch;
using EdgeHub.Edge.Sensors.Sensirion;
using EdgeHub.Wire;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Sensors.I2c;

public sealed class I2cTests
{
    readonly FakeTimeProvider time = new();

    [Fact]
    public void The_worked_example_of_the_data_sheet_comes_out()
    {
        var calibration = new Bme280Calibration(27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000, 0, 0, 0, 0, 0, 0);
        var fine = calibration.Fine(519888);
        Assert.Equal(128422, fine);
        Assert.Equal(2508, Bme280Calibration.Temperature(fine));
        Assert.Equal(100653.27, calibration.Pressure(415148, fine) / 256.0, 0.02); // The example is of the floating formula, with the fraction of "fine".
    }

    [Fact]
    public void Whole_numbers_agree_with_the_floating_formula_for_humidity()
    {
        var calibration = Bme280Calibration.Read(new Bme280Double().Registers.AsSpan(0x88, 26), new Bme280Double().Registers.AsSpan(0xE1, 7));
        Assert.Equal((75, 362, 0, 313, 50, 30), (calibration.H1, calibration.H2, calibration.H3, calibration.H4, calibration.H5, calibration.H6));
        for (var raw = 20_000; raw < 40_000; raw += 997)
            for (var fine = 0; fine < 200_000; fine += 9_973)
                Assert.Equal(Floating(raw, fine), calibration.Humidity(raw, fine) / 1024.0, 0.02);

        // Data sheet 4.2.3 / 8.1, with doubles.
        static double Floating(int raw, int fine)
        {
            var h = fine - 76800.0;
            h = (raw - ((313 * 64.0) + (50 / 16384.0 * h))) * (362 / 65536.0 * (1.0 + (30 / 67108864.0 * h * (1.0 + (0 / 67108864.0 * h)))));
            return Math.Clamp(h * (1.0 - (75 * h / 524288.0)), 0, 100);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_bme280_is_measured_each_second_and_never_between()
    {
        using var part = new Bme280Double();
        await using var rig = Rig("bme280", "0x76", part);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(2.5));
        Assert.Equal(3, part.Measurements);
        Assert.Equal([25.08, 100653.25], rig.Take().Where(reading => reading.Stream != 1).Take(2).Select(reading => reading.Value));
        Assert.All(rig.Take(), reading => Assert.Equal(Quality.Good, reading.Quality));
        Assert.Equal(Condition.Ok, rig.Sensor("s").Condition);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_part_that_leaves_is_silent_and_is_begun_anew_when_it_is_back()
    {
        using var part = new Bme280Double();
        await using var rig = Rig("bme280", "0x76", part);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(1.5));
        part.IsThere = false;
        rig.Pass(time, TimeSpan.FromSeconds(3));
        Assert.Equal(Condition.Silent, rig.Sensor("s").Condition);
        Assert.Contains("0x76 of /dev/i2c-1", rig.Sensor("s").Sentence, StringComparison.Ordinal);
        Assert.Equal(3, rig.Sensor("s").Streams[0].Unread[UnreadReason.Timeout]);
        part.IsThere = true;
        rig.Pass(time, TimeSpan.FromSeconds(1));
        Assert.Equal(Condition.Ok, rig.Sensor("s").Condition);
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_part_at_the_address_is_named()
    {
        using var part = new Bme280Double();
        part.Registers[0xD0] = 0x58;
        await using var rig = Rig("bme280", "0x76", part);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(0.5));
        Assert.Equal(Condition.Fault, rig.Sensor("s").Condition);
        Assert.Contains("BMP280", rig.Sensor("s").Sentence, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("sht3x", "2400", 0x6666, 0x8000, 25, 50)]
    [InlineData("sht4x", "FD", 0x6666, 0x8000, 25, 56.5)]
    [InlineData("sht4x", "FD", 0x6666, 0xFFFF, 25, 100)]
    public async Task A_humidity_sensor_is_read_by_its_formula(string driver, string command, int temperature, int humidity, double celsius, double percent)
    {
        using var part = new CommandDouble(asked => asked == command ? [.. CommandDouble.Word(temperature), .. CommandDouble.Word(humidity)] : null);
        await using var rig = Rig(driver, "0x44", part);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(0.5));
        Assert.Equal([celsius, percent], rig.Take().Select(reading => Math.Round(reading.Value, 1)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_spoiled_word_is_never_a_reading()
    {
        using var part = new CommandDouble(_ => [.. CommandDouble.Word(0x6666), .. CommandDouble.Word(0x8000)]) { SpoilsNext = true };
        await using var rig = Rig("sht3x", "0x44", part);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(0.5));
        Assert.Empty(rig.Take());
        Assert.Equal((1, Condition.Fault), (rig.Sensor("s").Counters.CrcErrors, rig.Sensor("s").Condition));
        rig.Pass(time, TimeSpan.FromSeconds(1));
        Assert.Equal(2, rig.Take().Count);
    }

    [Fact]
    public void The_checksum_is_that_of_the_data_sheet()
    {
        Assert.Equal(0x92, SensirionWords.Crc([0xBE, 0xEF]));
        Assert.Equal([0xBE, 0xEF, 0x92], CommandDouble.Word(0xBEEF));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_carbon_dioxide_sensor_is_started_once_and_read_when_it_is_ready()
    {
        var ready = false;
        using var part = new CommandDouble(asked => asked switch
        {
            "E4B8" => CommandDouble.Word(ready ? 0x8006 : 0x8000),
            "EC05" when ready => [.. CommandDouble.Word(0x01F4), .. CommandDouble.Word(0x6666), .. CommandDouble.Word(0x8000)],
            _ => null,
        });
        await using var rig = Rig("scd4x", "0x62", part);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(2));
        Assert.Empty(rig.Take());
        ready = true;
        rig.Pass(time, TimeSpan.FromSeconds(6));
        Assert.Equal([500, 25, 50], rig.Take().Select(reading => Math.Round(reading.Value, 1)));
        Assert.All(rig.Take(), reading => Assert.Equal(Quality.UncertainWarmUp, reading.Quality));
        Assert.Equal(["3F86", "21B1", "E4B8", "E4B8", "EC05"], part.Commands);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("sht3x", "3780", "0EF51234")]
    [InlineData("sht4x", "89", "0EF51234")]
    [InlineData("scd4x", "3682", "0EF512340001")]
    public async Task A_part_that_was_exchanged_is_refused_by_its_serial_number(string driver, string command, string number)
    {
        using var part = new CommandDouble(asked => asked == command
            ? [.. CommandDouble.Word(0x0EF5), .. CommandDouble.Word(0x1234), .. driver == "scd4x" ? CommandDouble.Word(1) : []]
            : asked == "E4B8" ? CommandDouble.Word(0x8006) : [.. CommandDouble.Word(0x6666), .. CommandDouble.Word(0x8000), .. driver == "scd4x" ? CommandDouble.Word(0x8000) : []]);
        await using (var wrong = Rig(driver, "0x44", part, """, "fingerprint": "0EF55678" """))
        {
            wrong.Begin();
            wrong.Pass(time, TimeSpan.FromSeconds(2));
            Assert.Empty(wrong.Take());
            Assert.Equal(Condition.Fault, wrong.Sensor("s").Condition);
            Assert.StartsWith($"another instrument answers: {number} instead of 0EF55678.", wrong.Sensor("s").Sentence, StringComparison.Ordinal);
            Assert.True(wrong.Sensor("s").Streams[0].Unread[UnreadReason.Refused] > 0);
        }

        await using var right = Rig(driver, "0x44", part, $""", "fingerprint": "{number.ToLowerInvariant()}" """);
        right.Begin();
        right.Pass(time, TimeSpan.FromSeconds(2));
        Assert.NotEmpty(right.Take());
    }

    [Fact(Timeout = 60_000)]
    public async Task Light_is_counted_in_lux()
    {
        using var part = new CommandDouble(asked => asked == "20" ? [0x83, 0x90] : null);
        await using var rig = Rig("bh1750", "0x23", part);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(0.5));
        Assert.Equal([28066.7], rig.Take().Select(reading => reading.Value)); // Technical note: 33680 / 1.2.
    }

    [Fact]
    public void Parts_on_one_bus_share_it_each_at_its_address()
    {
        var errors = SensorsOptionsTests.Errors("""{ "sensors": [ { "id": "a", "driver": "bme280", "port": "i2c:1/0x76" }, { "id": "b", "driver": "sht3x", "port": "i2c:1/0x44" }, { "id": "c", "driver": "bh1750", "port": "i2c:1/0x44" }, { "id": "d", "driver": "bh1750", "port": "i2c:1/23" } ] }""");
        Assert.Equal(2, errors.Count);
        Assert.Contains(errors, error => error.StartsWith("sensors[2].port = i2c:1/0x44", StringComparison.Ordinal) && error.Contains("taken on the same line by sensors[1].id", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("sensors[3].port", StringComparison.Ordinal) && error.Contains("i2cdetect", StringComparison.Ordinal));
    }

    SamplerRig Rig(string driver, string address, I2cDevice part, string more = "") =>
        new($$"""{ "sensors": [ { "id": "s", "driver": "{{driver}}", "port": "i2c:1/{{address}}"{{more}} } ] }""", time, openI2c: (_, _) => part);
}
