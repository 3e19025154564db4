using EdgeHub.Edge.Sensors;
using EdgeHub.Wire;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Sensors.I2c;

public sealed class Ads1115Tests
{
    const string Level = """{ "sensors": [ { "id": "s", "driver": "ads1115", "port": "i2c:1/0x48", "channels": [ { "channel": 2, "quantity": "level", "unit": "m", "low": 0, "high": 5 }, { "channel": 0, "quantity": "supply", "shunt": 0 } ] } ] }""";

    readonly FakeTimeProvider time = new();

    [Theory(Timeout = 60_000)]
    [InlineData(4, 0, Quality.Good)]
    [InlineData(12, 2.5, Quality.Good)]
    [InlineData(20, 5, Quality.Good)]
    [InlineData(3.7, -0.09375, Quality.BadOutOfRange)]
    [InlineData(0, double.NaN, Quality.BadDeviceFault)]
    [InlineData(22, double.NaN, Quality.BadDeviceFault)]
    public async Task A_loop_is_scaled_and_a_broken_one_is_a_fault(double milliamperes, double expected, Quality quality)
    {
        using var part = new Converter { Volts = channel => channel == 2 ? milliamperes * 0.150 : 1.5 };
        await using var rig = new SamplerRig(Level, time, openI2c: (_, _) => part);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(0.5));
        var readings = rig.Take();
        Assert.Equal(quality, readings[0].Quality);
        Assert.Equal(expected, readings[0].Value, 0.002);
        Assert.Equal(1.5, readings[1].Value, 6);
        Assert.Equal(quality == Quality.BadDeviceFault ? Condition.Fault : Condition.Ok, rig.Sensor("s").Condition);
    }

    [Theory]
    [InlineData("""{ "channel": 4, "quantity": "x" }""", "channel")]
    [InlineData("""{ "channel": 0, "quantity": "x", "unit": "m", "low": 1 }""", "high")]
    [InlineData("""{ "channel": 0, "quantity": "x", "low": 1, "high": 2 }""", "unit")]
    [InlineData("""{ "channel": 0, "quantity": "x", "unit": "m", "low": 1, "high": 2, "shunt": 0 }""", "shunt")]
    public void What_is_wrong_with_a_channel_is_named(string channel, string key) =>
        Assert.Contains(SensorsOptionsTests.Errors($$"""{ "sensors": [ { "id": "s", "driver": "ads1115", "port": "i2c:1/0x48", "channels": [ {{channel}} ] } ] }"""), error => error.StartsWith($"sensors[0].channels[0].{key}", StringComparison.Ordinal));

    /// <summary>Data sheet SBAS444: a pointer, and 16-bit registers 0 (conversion) and 1 (configuration).</summary>
    sealed class Converter : I2cDouble
    {
        int pointer;
        int configuration = 0x8583;
        short conversion;

        public required Func<int, double> Volts { get; init; }

        protected override void Take(ReadOnlySpan<byte> written)
        {
            pointer = written[0];
            if (written.Length < 3 || pointer != 1)
                return;
            configuration = (written[1] << 8) | written[2];
            Assert.Equal(1, (configuration >> 9) & 7); // 4.096 V
            Assert.Equal(1, configuration >> 15);
            var input = (configuration >> 12) & 7;
            Assert.InRange(input, 4, 7); // Against ground.
            conversion = (short)Math.Min(32767, Math.Round(Volts(input - 4) / 4.096 * 32768));
        }

        protected override void Answer(Span<byte> destination)
        {
            var value = pointer == 1 ? configuration : conversion;
            destination[0] = (byte)(value >> 8);
            destination[1] = (byte)value;
        }
    }
}
