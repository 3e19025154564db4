using CsCheck;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Gpio;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Sensors;

public sealed class GpioTests
{
    const string Door = """{ "sensors": [ { "id": "door", "driver": "gpio-input", "port": "gpio:0/17?debounce=50ms", "class": "urgent" } ] }""";
    const string Rain = """{ "sensors": [ { "id": "rain", "driver": "gpio-counter", "port": "gpio:0/4?debounce=10ms", "quantity": "rain", "unit": "mm", "perPulse": 0.2 } ] }""";

    readonly FakeTimeProvider time = new();

    [Fact(Timeout = 60_000)]
    public async Task A_contact_reports_its_state_at_once_each_minute_and_on_settled_change()
    {
        using var driver = new FakeGpioDriver();
        await using var rig = new SamplerRig(Door, time, openGpio: _ => driver);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(1));
        Assert.Equal([0], rig.Take().Select(reading => reading.Value));

        driver.Set(17, true); // Chatter, then closed for good.
        driver.Set(17, false);
        driver.Set(17, true);
        rig.Pass(time, TimeSpan.FromMilliseconds(30));
        Assert.Single(rig.Take());
        rig.Pass(time, TimeSpan.FromMilliseconds(40));
        Assert.Equal([0, 1], rig.Take().Select(reading => reading.Value));
        Assert.Equal(1, rig.Sensor("door").Counters.Bounces);

        rig.Pass(time, TimeSpan.FromSeconds(61));
        Assert.Equal([0, 1, 1], rig.Take().Select(reading => reading.Value));
    }

    [Fact(Timeout = 60_000)]
    public async Task Pulses_are_counted_in_exact_decimals()
    {
        using var driver = new FakeGpioDriver();
        await using var rig = new SamplerRig(Rain, time, openGpio: _ => driver);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++)
        {
            driver.Set(4, true);
            rig.Pass(time, TimeSpan.FromMilliseconds(50));
            driver.Set(4, false);
            rig.Pass(time, TimeSpan.FromMilliseconds(50));
        }

        rig.Pass(time, TimeSpan.FromSeconds(120));
        Assert.Equal([(0, 0.6), (1, 0.6), (0, 0.0), (1, 0.6)], rig.Take().Select(reading => (reading.Stream, reading.Value)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_box_without_a_gpiochip_says_so_and_goes_on()
    {
        await using var rig = new SamplerRig(Door.Replace("gpio:0", "gpio:200", StringComparison.Ordinal), time);
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        await SamplerRig.UntilAsync(() => rig.Sensor("door").Condition == Condition.Waiting);
        Assert.StartsWith("waiting for /dev/gpiochip200", rig.Sensor("door").Sentence, StringComparison.Ordinal);
        Assert.False(rig.Sampler.ExecuteTask!.IsCompleted);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_edge_while_the_chip_is_being_closed_hurts_nobody()
    {
        Exception? thrown = null;
        using var driver = new FakeGpioDriver
        {
            WhileClosing = self => thrown = Record.Exception(() => self.Set(17, true)),
        };
        await using (var rig = new SamplerRig(Door, time, openGpio: _ => driver))
        {
            rig.Begin();
            rig.Pass(time, TimeSpan.FromSeconds(1));
        }

        Assert.Null(thrown);
        Assert.True(driver.IsDisposed);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_lost_edge_is_found_by_looking()
    {
        using var driver = new FakeGpioDriver();
        await using var rig = new SamplerRig(Door, time, openGpio: _ => driver);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(1));
        driver.SetSilently(17, true);
        rig.Pass(time, TimeSpan.FromSeconds(2));
        Assert.Equal(1, rig.Take()[^1].Value);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_total_goes_on_after_a_restart_and_is_saved_before_it_is_reported()
    {
        var disk = new PowerlessTotal();
        for (var start = 1; start <= 3; start++)
        {
            using var driver = new FakeGpioDriver();
            await using var rig = new SamplerRig(Rain, time, openGpio: _ => driver, openTotal: _ => disk);
            rig.Begin();
            rig.Pass(time, TimeSpan.FromSeconds(1));
            Pulse(rig, driver);
            rig.Pass(time, TimeSpan.FromSeconds(60));
            Assert.Equal([(0, 0.2), (1, Math.Round(start * 0.2, 1))], rig.Take().Select(reading => (reading.Stream, reading.Value)));
            Assert.Equal((ulong)start, disk.Saved);
            disk = disk.Restarted();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_total_that_cannot_be_saved_is_not_reported_and_nothing_counted_is_lost()
    {
        var disk = new PowerlessTotal { Refuses = true };
        using var driver = new FakeGpioDriver();
        await using var rig = new SamplerRig(Rain, time, openGpio: _ => driver, openTotal: _ => disk);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(1));
        Pulse(rig, driver);
        rig.Pass(time, TimeSpan.FromSeconds(61));
        Assert.Empty(rig.Take());
        Assert.Equal(Condition.Fault, rig.Sensor("rain").Condition);
        Assert.Contains("worn out", rig.Sensor("rain").Sentence, StringComparison.Ordinal);
        disk.Refuses = false;
        Pulse(rig, driver);
        rig.Pass(time, TimeSpan.FromSeconds(60));
        Assert.Equal([(0, 0.4), (1, 0.4)], rig.Take().Select(reading => (reading.Stream, reading.Value)));
        Assert.Equal(Condition.Ok, rig.Sensor("rain").Condition);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_changeover_contact_tells_a_cut_wire_from_a_state()
    {
        const string Changeover = """{ "sensors": [ { "id": "door", "driver": "gpio-input", "port": "gpio:0/17?debounce=50ms", "counterpart": 18 } ] }""";
        using var driver = new FakeGpioDriver();
        driver.SetSilently(18, true);
        await using var rig = new SamplerRig(Changeover, time, openGpio: _ => driver);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(1));
        driver.Set(18, false); // On its way both are open, which is no fault.
        rig.Pass(time, TimeSpan.FromMilliseconds(20));
        driver.Set(17, true);
        rig.Pass(time, TimeSpan.FromMilliseconds(200));
        Assert.Equal([0, 1], rig.Take().Select(reading => reading.Value));
        driver.Set(17, false);
        rig.Pass(time, TimeSpan.FromMilliseconds(200));
        Assert.Equal(Condition.Fault, rig.Sensor("door").Condition);
        Assert.Contains("cut", rig.Sensor("door").Sentence, StringComparison.Ordinal);
        Assert.Equal(Quality.BadDeviceFault, rig.Take()[^1].Quality);
        driver.Set(17, true);
        driver.Set(18, true);
        rig.Pass(time, TimeSpan.FromMilliseconds(200));
        Assert.Contains("short", rig.Sensor("door").Sentence, StringComparison.Ordinal);
        driver.Set(17, false);
        rig.Pass(time, TimeSpan.FromMilliseconds(200));
        Assert.Equal((0, Quality.Good, Condition.Ok), (rig.Take()[^1].Value, rig.Take()[^1].Quality, rig.Sensor("door").Condition));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_motion_detector_is_held_until_it_has_been_quiet()
    {
        using var driver = new FakeGpioDriver();
        await using var rig = new SamplerRig(Door.Replace("\"class\"", "\"holdOff\": \"10s\", \"class\"", StringComparison.Ordinal), time, openGpio: _ => driver);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++)
        {
            driver.Set(17, true);
            rig.Pass(time, TimeSpan.FromSeconds(1));
            driver.Set(17, false);
            rig.Pass(time, TimeSpan.FromSeconds(5));
        }

        Assert.Equal([0, 1], rig.Take().Select(reading => reading.Value));
        rig.Pass(time, TimeSpan.FromSeconds(6));
        Assert.Equal([0, 1, 0], rig.Take().Select(reading => reading.Value));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_output_is_safe_at_start_after_its_longest_time_and_at_stop()
    {
        const string Siren = """{ "sensors": [ { "id": "siren", "driver": "gpio-output", "port": "gpio:0/5?invert=true", "longestOn": "3s" } ] }""";
        using var driver = new FakeGpioDriver();
        await using (var rig = new SamplerRig(Siren, time, openGpio: _ => driver))
        {
            Assert.False(rig.Sampler.TrySwitch("siren", new OutputCommand(true))); // Its line is not open yet.
            rig.Begin();
            rig.Pass(time, TimeSpan.FromSeconds(1));
            Assert.Equal([(5, true)], driver.Written); // Inverted: off is high.
            Assert.True(rig.Sampler.TrySwitch("siren", new OutputCommand(true)));
            rig.Pass(time, TimeSpan.FromSeconds(1));
            Assert.Equal((5, false), driver.Written[^1]);
            rig.Pass(time, TimeSpan.FromSeconds(3));
            Assert.Equal((5, true), driver.Written[^1]);
            Assert.Equal([0, 1, 0], rig.Take().Select(reading => reading.Value));
            Assert.True(rig.Sampler.TrySwitch("siren", new OutputCommand(true)));
            rig.Pass(time, TimeSpan.FromMilliseconds(100));
            Assert.Equal((5, false), driver.Written[^1]);
        }

        Assert.Equal((5, true), driver.Written[^1]);
    }

    [Fact]
    public void A_level_counts_only_when_it_stood_for_the_window() =>
        Gen.Select(Gen.Bool, Gen.Int[1, 60]).Array[0, 40].Sample(edges =>
        {
            var window = TimeSpan.FromMilliseconds(50);
            var debouncer = new Debouncer(window, false);
            var now = TimeSpan.Zero;
            var lastEdge = TimeSpan.Zero;
            foreach (var (level, wait) in edges)
            {
                var before = debouncer.Level;
                var changed = debouncer.Settle(now);
                if (changed != (before != debouncer.Level) || (changed && now - lastEdge < window))
                    return false;
                debouncer.Edge(level, now);
                lastEdge = now;
                now += TimeSpan.FromMilliseconds(wait);
            }

            return true;
        });

    void Pulse(SamplerRig rig, FakeGpioDriver driver)
    {
        driver.Set(4, true);
        rig.Pass(time, TimeSpan.FromMilliseconds(50));
        driver.Set(4, false);
        rig.Pass(time, TimeSpan.FromMilliseconds(50));
    }
}
