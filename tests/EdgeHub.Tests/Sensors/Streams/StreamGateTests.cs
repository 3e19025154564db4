using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Streams;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Sensors.Streams;

public sealed class StreamGateTests
{
    static readonly SensorQuantity Temperature = new("temperature", "Cel", -40, 85);

    readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero));

    BoxClock Clock(bool isKnown = true) => new(time, UInt128.One, () => 1000, static () => true, isKnown ? 0 : long.MaxValue);

    [Theory]
    [InlineData(-41, Quality.Good, Quality.BadOutOfRange)]
    [InlineData(-40, Quality.Good, Quality.Good)]
    [InlineData(86, Quality.UncertainWarmUp, Quality.BadOutOfRange)]
    [InlineData(86, Quality.BadDeviceFault, Quality.BadDeviceFault)]
    [InlineData(double.PositiveInfinity, Quality.Good, Quality.BadNoData)]
    public void What_the_instrument_cannot_measure_is_marked_and_kept(double value, Quality quality, Quality expected) =>
        Assert.Equal(expected, new StreamGate(Temperature, new StreamRule("temperature")).Judge(value, quality, Clock()).Quality);

    [Fact]
    public void Calibration_is_exact_in_decimals_and_its_range_is_of_what_comes_out()
    {
        var gate = new StreamGate(Temperature, new StreamRule("temperature") { Scale = 0.1m, Offset = -0.2m, Maximum = 3 });
        Assert.Equal((2.3, Quality.Good), gate.Judge(25, Quality.Good, Clock()));
        Assert.Equal((3.1, Quality.BadOutOfRange), gate.Judge(33, Quality.Good, Clock()));
    }

    [Fact]
    public void Calibration_holds_from_its_day_on_and_is_doubtful_while_nobody_knows_the_day()
    {
        var rule = new StreamRule("temperature") { Offset = 5, ValidFrom = new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero) };
        var gate = new StreamGate(Temperature, rule);
        Assert.Equal((20, Quality.Good), gate.Judge(20, Quality.Good, Clock()));
        Assert.Equal((25, Quality.UncertainSource), gate.Judge(20, Quality.Good, Clock(isKnown: false)));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((25, Quality.Good), gate.Judge(20, Quality.Good, Clock()));
    }

    [Fact]
    public void Only_news_is_reported_and_a_heartbeat()
    {
        var gate = new StreamGate(Temperature, new StreamRule("temperature") { Deadband = 0.5, Heartbeat = TimeSpan.FromMinutes(1) });
        List<double> reported = [];
        double[] values = [20, 20.5, 20.4, 20.6, 20.2, 20.0];
        for (var i = 0; i < values.Length; i++)
            Offer(values[i], Quality.Good, i * 1000);
        Assert.Equal([20, 20.6, 20.0], reported);
        Offer(20.0, Quality.UncertainWarmUp, 7000); // Another quality is news.
        Offer(20.1, Quality.UncertainWarmUp, 66_999);
        Offer(20.1, Quality.UncertainWarmUp, 67_000); // A minute since the last one.
        Offer(double.NaN, Quality.BadNoData, 68_000);
        Offer(double.NaN, Quality.BadNoData, 69_000);
        Assert.Equal([20, 20.6, 20.0, 20.0, 20.1, double.NaN], reported);
        // Whoever reads only what this box asked for must learn the value when it begins to ask.
        Offer(20.1, Quality.Good, 70_000, Origin.Overheard);
        Offer(20.1, Quality.Good, 71_000, Origin.Overheard);
        Offer(20.1, Quality.Good, 72_000);
        Assert.Equal([20.1, 20.1], reported[^2..]);
        Assert.Equal(8, reported.Count);

        void Offer(double value, Quality quality, long at, Origin origin = Origin.Active)
        {
            var reading = new Reading(0, at, value, quality, origin);
            if (!gate.IsNews(reading))
                return;
            gate.Sent(reading);
            reported.Add(value);
        }
    }

    [Theory]
    [InlineData("""{ "quantity": "pm25" }""", "streams[0].quantity = pm25", "Did you mean pm2_5?")]
    [InlineData("""{ "quantity": "pm2_5", "scale": 0 }""", "streams[0].scale", "makes every value the same")]
    [InlineData("""{ "quantity": "pm2_5", "minimum": 5, "maximum": 1 }""", "streams[0].minimum", "Swap")]
    [InlineData("""{ "quantity": "pm2_5", "heartbeat": "1m" }""", "streams[0].heartbeat", "Add deadband")]
    [InlineData("""{ "quantity": "pm2_5", "validFrom": "soon" }""", "streams[0].validFrom = soon", "no date")]
    [InlineData("""{ "quantity": "pm2_5" }, { "quantity": "pm2_5" }""", "streams[1].quantity", "stands twice")]
    [InlineData("""{ "quantity": "pm2_5", "ofset": 1 }""", "streams[0].ofset", "offset")]
    public void What_is_wrong_with_a_rule_is_named_with_key_and_fix(string streams, string key, string says)
    {
        var error = Assert.Single(SensorsOptionsTests.Errors($$"""{ "sensors": [ { "id": "a", "driver": "sds011", "port": "serial:/dev/ttyS0", "streams": [ {{streams}} ] } ] }"""));
        Assert.StartsWith($"sensors[0].{key}", error, StringComparison.Ordinal);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }
}
