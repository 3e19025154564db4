using EdgeHub.DeviceSims.Doubles;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Sensors.Frames;

/// <summary>Instruments that sleep between two questions, played by their doubles in virtual time.</summary>
public sealed class SleepTests
{
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);

    readonly FakeTimeProvider time = new();
    readonly List<TimeSpan> awake = [];
    readonly List<TimeSpan> asked = [];
    DateTimeOffset start;
    DateTimeOffset? wokenAt;

    [Theory(Timeout = 60_000)]
    [InlineData("pms5003", 12)]
    [InlineData("sds011", 2)]
    public async Task A_sensor_is_woken_settles_is_asked_once_and_sleeps_again(string driver, int values)
    {
        var device = DoubleCatalog.Find(driver)!.Make(new DoubleSettings("s", Seed: 7, Address: null, Pace: null, TimeProvider.System));
        await using var rig = Rig(driver, device);
        rig.Begin();
        for (var second = 0; second < 590; second++)
        {
            rig.Pass(time, TimeSpan.FromSeconds(1));
            Watch(device);
        }

        // Due at 0, 120, 240, 360, 480 s; the first one waits for the sensor to settle.
        Assert.Equal(5 * values, rig.Take().Count);
        Assert.All(rig.Take(), reading => Assert.Equal(Quality.Good, reading.Quality));
        Assert.Equal([30, 120, 240, 360, 480], asked.Select(at => Math.Round(at.TotalSeconds)));
        Assert.Equal(5, awake.Count);
        Assert.All(awake, span => Assert.InRange(span, Settle, Settle + TimeSpan.FromSeconds(2)));
        Assert.Equal((0, Condition.Ok), (rig.Sensor("s").Streams[0].Unread.Values.Sum(), rig.Sensor("s").Condition));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("pms5003")]
    [InlineData("sds011")]
    public async Task A_sensor_that_sleeps_on_is_silent_that_once_and_woken_again(string driver)
    {
        var device = DoubleCatalog.Find(driver)!.Make(new DoubleSettings("s", Seed: 7, Address: null, Pace: null, TimeProvider.System));
        var isDeaf = false;
        await using var rig = Rig(driver, device, () => isDeaf);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(60));
        var before = rig.Take().Count;
        isDeaf = true;
        rig.Pass(time, TimeSpan.FromSeconds(65));
        Assert.Equal(Condition.Silent, rig.Sensor("s").Condition);
        Assert.Equal(1, rig.Sensor("s").Streams[0].Unread[UnreadReason.Timeout]);
        Assert.Equal(before, rig.Take().Count);
        isDeaf = false;
        rig.Pass(time, TimeSpan.FromSeconds(120));
        Assert.Equal(Condition.Ok, rig.Sensor("s").Condition);
        Assert.Equal(2 * before, rig.Take().Count);
    }

    SamplerRig Rig(string driver, DeviceDouble device, Func<bool>? isDeaf = null)
    {
        start = time.GetUtcNow();
#pragma warning disable CA2000 // The line owns the wire.
        var wire = new ScriptedBus(bytes =>
        {
            if (isDeaf?.Invoke() == true)
                return null;
            var answers = device.Hear(bytes).ToList();
            if (answers.Any(answer => answer.Values.Count > 0))
                asked.Add(time.GetUtcNow() - start);
            Watch(device);
            return answers.Count > 0 ? [.. answers.SelectMany(answer => answer.Frame.ToArray())] : null;
        });
        return new SamplerRig(
            $$"""{ "sensors": [ { "id": "s", "driver": "{{driver}}", "port": "serial:/dev/ttyUSB0", "mode": "passive", "sleep": true, "interval": "120s" } ] }""",
            time,
            (port, _) => Task.FromResult(new Line(port.ToString(), wire, static () => true, time)));
#pragma warning restore CA2000
    }

    // How long its fan and laser ran, each time.
    void Watch(DeviceDouble device)
    {
        var isAwake = device is Pms5003 { IsAsleep: false } or Sds011 { IsAsleep: false };
        if (isAwake && wokenAt is null)
            wokenAt = time.GetUtcNow();
        if (isAwake || wokenAt is not { } since)
            return;
        awake.Add(time.GetUtcNow() - since);
        wokenAt = null;
    }
}
