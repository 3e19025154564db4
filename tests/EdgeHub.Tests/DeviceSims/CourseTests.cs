using EdgeHub.DeviceSims.Chance;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;
using EdgeHub.DeviceSims.Scenarios.Courses;

namespace EdgeHub.Tests.DeviceSims;

/// <summary>What quantities follow, and the faults of values.</summary>
public sealed class CourseTests
{
    [Fact]
    public void A_day_curve_peaks_when_it_says()
    {
        var course = new SineCourse(16, 7, TimeSpan.FromHours(24), TimeSpan.FromHours(15), start: TimeSpan.FromHours(8));
        Assert.Equal(23, course.At(TimeSpan.FromHours(7)), 6);
        Assert.Equal(9, course.At(TimeSpan.FromHours(19)), 6);
        Assert.Equal(23, course.At(TimeSpan.FromHours(31)), 6);
    }

    [Fact]
    public void A_walk_stays_within_its_bounds_and_does_not_depend_on_who_asks_how_often()
    {
        var often = new WalkCourse(35, 5, 30, 40, new SplitMix64(1));
        var seldom = new WalkCourse(35, 5, 30, 40, new SplitMix64(1));
        var last = 0.0;
        for (var ms = 0; ms <= 600_000; ms += 100)
        {
            last = often.At(TimeSpan.FromMilliseconds(ms));
            Assert.InRange(last, 30, 40);
        }

        Assert.Equal(last, seldom.At(TimeSpan.FromMinutes(10)));
        Assert.NotEqual(35, last);
    }

    [Fact]
    public void Rain_grows_by_whole_tips_and_as_often_as_it_says()
    {
        var rain = new RainCourse(2, 0.2, perHour: 60, new SplitMix64(4));
        var before = 2.0;
        for (var minute = 0; minute <= 1000; minute++)
        {
            var total = rain.At(TimeSpan.FromMinutes(minute));
            Assert.True(total >= before);
            Assert.Equal(Math.Round((total - 2) / 0.2), (total - 2) / 0.2, 6);
            before = total;
        }

        Assert.InRange((before - 2) / 0.2, 850, 1150);
    }

    [Fact]
    public void A_burst_is_high_for_its_length_and_quiet_otherwise()
    {
        var course = new BurstCourse(50, 20, perHour: 36, TimeSpan.FromSeconds(10), new SplitMix64(4));
        var values = Enumerable.Range(0, 100_000).Select(second => course.At(TimeSpan.FromSeconds(second))).ToList();
        Assert.Equal([50, 70], values.Distinct().Order());
        // A Poisson process of 0.01 a second with 10 s each: quiet for e^-0.1 of the time.
        Assert.InRange(values.Count(value => value == 70) / 100_000.0, 0.08, 0.11);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(9.9, 1)]
    [InlineData(10, 2)]
    [InlineData(25, 3)]
    [InlineData(31, 1)]
    public void A_recording_holds_each_value_until_the_next_and_begins_again(double seconds, double value) =>
        Assert.Equal(value, new CsvCourse([(0, 1), (10, 2), (20, 3), (30, 9)], loop: true).At(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void An_event_adds_to_several_quantities_at_the_same_time()
    {
        var fire = new Happening(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20));
        var heat = new EventCourse(new ConstantCourse(19), [(fire, 60)]);
        var smoke = new EventCourse(new ConstantCourse(9), [(fire, 600)]);
        foreach (var (at, share) in new[] { (0, 0), (10, 0), (20, 0.5), (30, 1), (89, 1), (100, 0.5), (110, 0), (500, 0) })
        {
            Assert.Equal(19 + (60 * share), heat.At(TimeSpan.FromSeconds(at)), 6);
            Assert.Equal(9 + (600 * share), smoke.At(TimeSpan.FromSeconds(at)), 6);
        }
    }

    [Fact]
    public void What_a_wire_cannot_hold_comes_as_the_nearest_that_it_can()
    {
        var meter = new NoiseMeter("n", 1, seed: 1);
        meter.Signals[0].Follow(() => 52.27);
        Assert.Equal(52.3, ValueOf(meter));
        meter.Signals[0].Follow(() => 1e9);
        Assert.Equal(6553.4, ValueOf(meter));
        meter.Signals[0].Follow(() => -5);
        Assert.Equal(0, ValueOf(meter));
    }

    [Fact]
    public void The_faults_of_values_do_what_they_say_and_the_ledger_sees_what_is_sent()
    {
        var meter = new NoiseMeter("n", 1, seed: 1);
        var real = 50.0;
        meter.Signals[0].Follow(() => real);
        Assert.Equal(50, ValueOf(meter));

        meter.Faults.Set(FaultKind.Stuck, 1);
        real = 60;
        Assert.Equal(50, ValueOf(meter));
        meter.Faults.Set(FaultKind.Stuck, 0);
        Assert.Equal(60, ValueOf(meter));

        meter.Faults.Set(FaultKind.Spike, new FaultSetting(1, 20));
        Assert.Equal(80, ValueOf(meter));
        meter.Faults.Set(FaultKind.Spike, 0);
        Assert.Equal(60, ValueOf(meter));

        meter.Faults.Set(FaultKind.Sentinel, 1);
        Assert.True(double.IsNaN(ValueOf(meter)));
        meter.Faults.Set(FaultKind.Sentinel, 0);

        meter.Faults.Set(FaultKind.Drift, new FaultSetting(1, 0.5, "noise"));
        Assert.Equal([60.5, 61, 61.5], [ValueOf(meter), ValueOf(meter), ValueOf(meter)]);
        meter.Faults.Set(FaultKind.Drift, new FaultSetting(1, 0.5, "another"));
        Assert.Equal(61.5, ValueOf(meter));
        Assert.Equal(3, meter.Faults.Struck(FaultKind.Drift));
    }

    [Fact]
    public void A_rollover_goes_to_the_end_of_the_register_and_begins_again_at_0()
    {
        var weather = new WeatherStation("w", 1, seed: 1);
        var rain = weather.Signals.Single(signal => signal.Quantity.Name == "rain");
        var total = 100.0;
        rain.Follow(() => total);
        Assert.Equal(100, rain.Next().Sent.Value);
        weather.Faults.Set(FaultKind.Rollover, 1);
        Assert.Equal(6553.4, rain.Next().Sent.Value);
        total = 100.3;
        Assert.Equal(0.2, rain.Next().Sent.Value, 6);
    }

    static double ValueOf(NoiseMeter meter) => Assert.Single(meter.Answer(ModbusSlaveTests.Request(1, 3, 0, 1))!.Values).Value;
}
