using System.Buffers.Binary;
using EdgeHub.DeviceSims.Doubles;

namespace EdgeHub.Tests.DeviceSims;

public sealed class ModbusSlaveTests
{
    [Theory]
    [InlineData("010300000002C40B")]
    [InlineData("0103040292FF9B5A3D")]
    [InlineData("018302C0F1")]
    [InlineData("0106020000054871")]
    [InlineData("011000000002040001000223AE")]
    public void The_golden_frames_have_a_right_crc(string hex)
    {
        var frame = Convert.FromHexString(hex);

        Assert.True(ModbusCrc.IsRight(frame));
        Assert.True(PlainReader.HasRightCrc(frame));
        Assert.Equal(frame, ModbusCrc.Append(frame.AsSpan(0, frame.Length - 2)));
    }

    [Fact]
    public void A_register_beyond_the_map_gets_the_golden_exception()
    {
        var answer = new WeatherStation("weather1", 1, seed: 1).Answer(Convert.FromHexString("010300000002C40B"));

        Assert.Equal("018302C0F1", Convert.ToHexString(answer!.Frame.Span));
        Assert.Empty(answer.Values);
    }

    [Theory]
    [InlineData(3, 0, 0, 3)]
    [InlineData(3, 0, 126, 3)]
    [InlineData(3, 9, 2, 2)]
    [InlineData(3, 65535, 1, 2)]
    [InlineData(4, 0, 1, 1)]
    [InlineData(5, 0, 1, 1)]
    [InlineData(1, 0, 0, 3)]
    [InlineData(1, 0, 2001, 3)]
    [InlineData(2, 1, 2, 2)]
    public void What_it_cannot_do_gets_an_exception(byte function, ushort first, ushort count, byte exception)
    {
        var frame = new TestSlave(9).Answer(Request(9, function, first, count))!.Frame.ToArray();

        Assert.Equal([9, (byte)(function | 0x80), exception], frame[..3]);
        Assert.True(PlainReader.HasRightCrc(frame));
    }

    [Fact]
    public void Coils_are_packed_low_bit_first()
    {
        var frame = new TestSlave(9).Answer(Request(9, 1, 0, 10))!.Frame.ToArray();

        Assert.Equal([9, 1, 2, 0b1100_1101, 0b01], frame[..5]);
        Assert.Equal([9, 2, 1, 0b01], new TestSlave(9).Answer(Request(9, 2, 0, 2))!.Frame.ToArray()[..4]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void A_request_for_another_slave_or_for_all_is_not_answered(byte address) =>
        Assert.Null(new NoiseMeter("noise1", 1, seed: 1).Answer(Request(address, 3, 0, 1)));

    [Fact]
    public void The_weather_station_carries_the_values_it_says_it_does()
    {
        var answer = new WeatherStation("weather1", 1, seed: 3).Answer(Request(1, 3, 0x01F4, 14))!;
        var frame = answer.Frame.ToArray();
        double Word(int register) => BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(3 + (2 * (register - 0x01F4))));

        Assert.Equal(28, frame[2]);
        var values = answer.Values.ToDictionary(value => value.Quantity, value => value.Value);
        Assert.Equal(10, values.Count);
        Assert.Equal(Word(0x01F4) / 10, values["wind_speed"]);
        Assert.Equal(Word(0x01F7), values["wind_direction"]);
        Assert.Equal(Word(0x01F8) / 10, values["humidity"]);
        Assert.Equal((short)(ushort)Word(0x01F9) / 10.0, values["temperature"]);
        Assert.Equal(Word(0x01FA) / 10, values["noise"]);
        Assert.Equal(Word(0x01FB), values["pm2_5"]);
        Assert.Equal(Word(0x01FC), values["pm10"]);
        Assert.Equal(Word(0x01FD) / 10, values["pressure"]);
        Assert.Equal((Word(0x01FE) * 65536) + Word(0x01FF), values["illuminance"]);
        Assert.Equal(Word(0x0201) / 10, values["rain"]);
    }

    [Theory]
    [InlineData("voltage", 0x0000, 200, 250)]
    [InlineData("current", 0x0006, 0.5, 50)]
    [InlineData("power", 0x000C, 100, 10000)]
    [InlineData("frequency", 0x0046, 49, 51)]
    [InlineData("energy", 0x0156, 1, 50000)]
    public void The_meter_holds_floats_high_word_first(string quantity, ushort register, double low, double high)
    {
        var answer = new MeterSdm("meter1", 3, seed: 3).Answer(Request(3, 4, register, 2))!;
        var value = Assert.Single(answer.Values);

        Assert.Equal(quantity, value.Quantity);
        Assert.Equal(BinaryPrimitives.ReadSingleBigEndian(answer.Frame.Span[3..]), value.Value);
        Assert.InRange(value.Value, low, high);
    }

    [Fact]
    public void Half_a_float_is_no_value_sent() =>
        Assert.Empty(new MeterSdm("meter1", 3, seed: 3).Answer(Request(3, 4, 0x0001, 2))!.Values);

    [Fact]
    public void Each_request_finds_fresh_values()
    {
        var meter = new NoiseMeter("noise1", 2, seed: 3);

        Assert.NotEqual(meter.Answer(Request(2, 3, 0, 1))!.Values, meter.Answer(Request(2, 3, 0, 1))!.Values);
    }

    internal static byte[] Request(byte address, byte function, ushort first, ushort count) =>
        ModbusCrc.Append([address, function, (byte)(first >> 8), (byte)first, (byte)(count >> 8), (byte)count]);
}
