using EdgeHub.DeviceSims.Doubles;

namespace EdgeHub.Tests.DeviceSims;

public sealed class Pms5003Tests
{
    private const string Passive = "424DE100000170";
    private const string Active = "424DE100010171";
    private const string Read = "424DE200000171";
    private const string Sleep = "424DE400000173";
    private const string Wake = "424DE400010174";

    [Fact]
    public void A_data_frame_is_the_golden_one()
    {
        var frame = Pms5003.Encode([8, 12, 14, 8, 12, 14, 1500, 430, 80, 10, 4, 2]);

        Assert.Equal("424D001C0008000C000E0008000C000E05DC01AE0050000A0004000297000376", Convert.ToHexString(frame));
    }

    [Fact]
    public void A_measurement_carries_the_twelve_values_that_a_plain_reader_finds_in_it()
    {
        var emission = new Pms5003("pms1", seed: 7).Measure();

        Assert.Equal(12, emission.Values.Count);
        Assert.Equal(
            emission.Values.Select(value => PlainReader.Text("pms1", value.Quantity, value.Value)),
            PlainReader.PmsValues("pms1", emission.Frame.Span));
    }

    [Fact]
    public void Passive_mode_is_acknowledged_and_answers_a_read_with_data()
    {
        var sensor = new Pms5003("pms1", seed: 1);

        var acknowledged = Tell(sensor, Passive);
        var data = Tell(sensor, Read);

        Assert.False(sensor.IsActive);
        Assert.Equal("424D0004E1000174", Convert.ToHexString(acknowledged!.Frame.Span));
        Assert.Equal(12, data!.Values.Count);
        Tell(sensor, Active);
        Assert.True(sensor.IsActive);
    }

    [Fact]
    public void Asleep_it_answers_no_read_until_it_is_woken()
    {
        var sensor = new Pms5003("pms1", seed: 1);
        Tell(sensor, Passive);

        Assert.Equal("424D0004E4000177", Convert.ToHexString(Tell(sensor, Sleep)!.Frame.Span));
        Assert.Null(Tell(sensor, Read));
        Tell(sensor, Wake);
        Assert.NotNull(Tell(sensor, Read));
    }

    [Theory]
    [InlineData("424DE100000171")]
    [InlineData("424DE1000001")]
    [InlineData("434DE100000170")]
    public void What_is_no_command_is_not_obeyed(string bytes)
    {
        var sensor = new Pms5003("pms1", seed: 1);

        Assert.Null(Tell(sensor, bytes));
        Assert.True(sensor.IsActive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("424D")]
    [InlineData("424DE10000")]
    [InlineData("FF0042424D")]
    public void A_command_is_found_behind_garbage(string garbage)
    {
        var sensor = new Pms5003("pms1", seed: 1);

        Assert.NotNull(Tell(sensor, garbage + Passive));
    }

    private static Emission? Tell(Pms5003 sensor, string hex)
    {
        var framer = new PmsCommandFramer();
        Emission? answer = null;
        foreach (var next in Convert.FromHexString(hex))
        {
            if (framer.Push(next) is { } command)
            {
                answer = sensor.Obey(command);
            }
        }

        return answer;
    }
}
