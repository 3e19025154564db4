using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Nmea;
using EdgeHub.Edge.Sensors.Plantower;
using EdgeHub.Edge.Sensors.Ranging;
using EdgeHub.Edge.Sensors.Winsen;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors.Frames;

public sealed class FrameParseTests
{
    public static TheoryData<string, string, double[]> Golden => new()
    {
        { "pms5003", FormatCases.Pms5003, [8, 12, 14, 1500, 430, 80, 10, 4, 2, 8, 12, 14] },
        { "pms3003", FormatCases.Pms3003, [8, 12, 14, 8, 12, 14] },
        { "pms5003st", FormatCases.Pms5003St, [8, 12, 14, 1500, 430, 80, 10, 4, 2, 8, 12, 14, 0.031, -5.2, 63.4] },
        { "sds011", FormatCases.Sds011, [123.6, 261.8] },
        { "mh-z19", FormatCases.MhZ19, [544] },
        { "ze07-co", FormatCases.Ze07, [0] },
        { "ze08-ch2o", FormatCases.Ze08, [37] },
        { "ze08-ch2o", FormatCases.Ze08Answer, [32] },
        { "a02yyuw", FormatCases.A02, [1953] },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_golden_frame_says_what_the_datasheet_says(string name, string hex, double[] expected)
    {
        var frame = FormatCases.Of(name).Format().Parse(FormatCases.Hex(hex));
        Assert.Equal(expected, frame.Values.Select(value => value.Value));
        Assert.Equal(Enumerable.Range(0, expected.Length), frame.Values.Select(value => value.Stream));
        Assert.All(frame.Values, value => Assert.Equal(Quality.Good, value.Quality));
        Assert.Null(frame.Fault);
    }

    [Fact]
    public void Another_model_and_a_fault_of_its_own_are_sentences_and_no_good_values()
    {
        var format = new PlantowerFormat(PlantowerModel.Pms5003);
        Assert.Contains("another model", format.Parse(FormatCases.Hex(FormatCases.Pms3003)).Fault, StringComparison.Ordinal);
        var ill = FormatCases.Hex(FormatCases.Pms5003);
        ill[29] = 0x0C;
        var frame = format.Parse(ill);
        Assert.Contains("fault 0C", frame.Fault, StringComparison.Ordinal);
        Assert.All(frame.Values, value => Assert.Equal(Quality.BadDeviceFault, value.Quality));
        Assert.Contains("another gas", new ZeFormat(ZeGas.Ze07Co).Parse(FormatCases.Hex(FormatCases.Ze08)).Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FF001D1C", 29, Quality.BadOutOfRange)]
    [InlineData("FF001E1D", 30, Quality.Good)]
    [InlineData("FF119526", 4501, Quality.BadOutOfRange)]
    [InlineData("FFFFFDFB", double.NaN, Quality.BadNoData)]
    public void Echoes_from_too_near_and_none_at_all_are_no_good_distance(string hex, double expected, Quality quality) =>
        Assert.Equal([new SensorValue(0, expected, quality)], new A02Format().Parse(FormatCases.Hex(hex)).Values);

    [Fact]
    public void A_level_is_the_height_less_the_distance() =>
        Assert.Equal(1047, new A02Format(3000).Parse(FormatCases.Hex(FormatCases.A02)).Values[0].Value);

    [Theory]
    [InlineData(FormatCases.Gga, new[] { 30.24279667, 120.16872333, 15.2, 12, 0.9 })]
    [InlineData("$BDGGA,082015.00,3014.5678,S,12010.1234,W,1,05,2.5,-3.2,M,7.1,M,,*69\r\n", new[] { -30.24279667, -120.16872333, -3.2, 5, 2.5 })]
    [InlineData("$GNGGA,082015.00,,,,,0,00,99.9,,,,,,*70\r\n", new[] { double.NaN, double.NaN, double.NaN, 0, 99.9 })]
    public void A_position_is_degrees_and_without_a_fix_none(string sentence, double[] expected) =>
        Assert.Equal(expected, new NmeaFormat().Parse(FormatCases.Text(sentence)).Values.Select(value => value.Value));

    [Fact]
    public void A_valid_rmc_tells_speed_course_and_the_time()
    {
        var frame = new NmeaFormat().Parse(FormatCases.Text(FormatCases.Rmc));
        Assert.Equal([(5, 0.1801), (6, 87.5)], frame.Values.Select(value => (value.Stream, value.Value)));
        Assert.Equal(new DateTimeOffset(2026, 11, 25, 8, 20, 15, TimeSpan.Zero), frame.Utc);
    }

    [Theory]
    [InlineData("$GNRMC,082015.00,V,,,,,,,251126,,,N*00")] // Not valid: the receiver's own clock may be anything.
    [InlineData("$GNRMC,235960.00,A,3014.5678,N,12010.1234,E,0.35,87.5,311216,,,A*00")] // A leap second.
    [InlineData("$GNRMC,082015.00,A,3014.5678,N,12010.1234,E,0.35,87.5,310226,,,A*00")] // There is no 31 February.
    [InlineData("$GNRMC,0820,A,3014.5678,N,12010.1234,E,0.35,87.5,251126,,,A*00")]
    [InlineData("$GPRMC*00")]
    public void A_doubtful_time_is_none(string sentence) => Assert.Null(new NmeaFormat().Parse(FormatCases.Text(sentence)).Utc);

    [Theory]
    [InlineData("$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*00", true)]
    [InlineData("$GBRMC,235959.50,A,3014.5678,N,12010.1234,E,0.00,,311226,,,A*00", true)]
    [InlineData("$GLRMC,082015.00,A,3014.5678,N,12010.1234,E,0.35,87.5,251126,,,A*00", true)]
    [InlineData("$GARMC,082015.00,A,3014.5678,N,12010.1234,E,0.35,87.5,251126,,,A*00", true)]
    [InlineData("$IIRMC,082015.00,A,3014.5678,N,12010.1234,E,0.35,87.5,251126,,,A*00", false)] // An instrument bus is no receiver.
    public void All_satellite_talkers_are_heard_and_no_other(string sentence, bool heard) =>
        Assert.Equal(heard, new NmeaFormat().Parse(FormatCases.Text(sentence)).Values.Count > 0);

    [Fact]
    public void A_line_that_lacks_a_value_says_so()
    {
        var format = FormatCases.Of("text-line json").Format();
        var frame = format.Parse(FormatCases.Text("""{"air":{"no2":17.5},"in":[0]}""" + "\n"));
        Assert.Equal([new SensorValue(0, 17.5), new SensorValue(1, double.NaN, Quality.BadNoData)], frame.Values);
        Assert.False(format.IsChecked(FormatCases.Text("boot v1.2 ok\n")));
    }
}
