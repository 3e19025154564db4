using System.Text.Json;
using EdgeHub.DeviceSims;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;
using EdgeHub.Edge.Sensors;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors;

/// <summary>Each driver reads its double, written by itself from the same datasheet, over a real pseudo terminal.</summary>
public sealed class DoublesAndDriversTests : IDisposable
{
    const int Enough = 12;

    readonly ScratchDirectory directory = new();

    public static TheoryData<string, string> Pairs => new()
    {
        { "pms5003", """ "driver": "pms5003" """ },
        { "pms5003", """ "driver": "pms5003", "mode": "passive", "interval": "100ms" """ },
        { "pms3003", """ "driver": "pms3003" """ },
        { "pms5003st", """ "driver": "pms5003st" """ },
        { "sds011", """ "driver": "sds011" """ },
        { "sds011", """ "driver": "sds011", "mode": "passive", "interval": "100ms" """ },
        { "mh-z19", """ "driver": "mh-z19", "interval": "100ms" """ },
        { "ze07-co", """ "driver": "ze07-co" """ },
        { "ze08-ch2o", """ "driver": "ze08-ch2o" """ },
        { "ze08-ch2o", """ "driver": "ze08-ch2o", "mode": "passive", "interval": "100ms" """ },
        { "a02yyuw", """ "driver": "a02yyuw" """ },
        { "gnss", """ "driver": "nmea" """ },
        { "line-printer", """ "driver": "text-line", "checksum": "xor", "values": [{ "quantity": "no2", "unit": "[ppb]", "column": 1 }, { "quantity": "temperature", "unit": "Cel", "column": 2 }] """ },
    };

    public void Dispose() => directory.Dispose();

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Pairs))]
    public Task A_driver_reads_what_its_double_has_sent(string model, string driver) => PlayAsync(model, driver, []);

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Pairs))]
    public Task A_driver_takes_no_spoiled_value_from_a_bad_line(string model, string driver) =>
        PlayAsync(model, driver, [FaultKind.Garbage, FaultKind.Crc, FaultKind.Split, FaultKind.Truncate]);

    [Fact(Timeout = 60_000)]
    public async Task A_carbon_dioxide_sensor_is_never_calibrated_unasked()
    {
        var sensor = new MhZ19("s", 7);
        await PlayAsync(sensor, """ "driver": "mh-z19", "interval": "100ms" """, []);
        Assert.Equal((false, 0), (sensor.SelfCalibrates, sensor.Calibrations));
        var asked = new MhZ19("s", 7);
        await PlayAsync(asked, """ "driver": "mh-z19", "interval": "100ms", "selfCalibration": true """, []);
        Assert.Equal((true, 0), (asked.SelfCalibrates, asked.Calibrations));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_receiver_tells_the_box_the_time()
    {
        var told = new TaskCompletionSource<EdgeHub.Edge.Clock.TimeFix>(TaskCreationOptions.RunContinuationsAsynchronously);
        await PlayAsync(new GnssReceiver("s", 7, TimeProvider.System, TimeSpan.FromMilliseconds(60), "BD"), """ "driver": "nmea" """, [], sampler => sampler.TimeHeard = told.SetResultOnce);
        var fix = await told.Task;
        Assert.Equal("s", fix.Source);
        Assert.InRange((TimeProvider.System.GetUtcNow() - fix.Utc).TotalSeconds, 0, 60);
    }

    Task PlayAsync(string model, string driver, FaultKind[] faults) =>
        PlayAsync(DoubleCatalog.Find(model)!.Make(new DoubleSettings("s", Seed: 7, Address: null, Pace: TimeSpan.FromMilliseconds(60), TimeProvider.System)), driver, faults);

    async Task PlayAsync(DeviceDouble device, string driver, FaultKind[] faults, Action<Sampler>? prepare = null)
    {
        foreach (var fault in faults)
            device.Faults.Set(fault, 0.1);
        var port = directory.File("tty");
        using var ledger = new Ledger(directory.File("ledger.jsonl"), TimeProvider.System);
        using var line = SimLine.Open(port, 9600, [device], ledger, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        await using var rig = new SamplerRig($$"""{ "sensors": [ { "id": "s", "port": "serial:{{port}}", {{driver}} } ] }""", TimeProvider.System);
        prepare?.Invoke(rig.Sampler);
        var playing = line.RunAsync(stop.Token);
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        await SamplerRig.UntilAsync(() => rig.Take().Count >= Enough && Complete(rig, device));
        await line.PauseAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await playing.ContinueWith(static ended => Assert.False(ended.IsFaulted, ended.Exception?.ToString()), TaskScheduler.Default);
        Judge(rig, device, directory.File("ledger.jsonl"));
    }

    // Every signal of the double has been read at least twice.
    static bool Complete(SamplerRig rig, DeviceDouble device)
    {
        var streams = rig.Sensor("s").Streams;
        return device.Signals.All(signal => streams.Single(stream => stream.Quantity == signal.Quantity.Name).Read >= 2);
    }

    static void Judge(SamplerRig rig, DeviceDouble device, string ledger)
    {
        var sent = File.ReadLines(ledger).Select(text => JsonDocument.Parse(text).RootElement).Where(entry => entry.GetProperty("valid").GetBoolean())
            .GroupBy(entry => entry.GetProperty("quantity").GetString()!, entry => entry.GetProperty("value").GetDouble()).ToDictionary(group => group.Key, group => group.ToList());
        var streams = rig.Sampler.Sensors[0].Options.Streams;
        foreach (var signal in device.Signals)
        {
            Assert.Equal(signal.Quantity.Unit, streams.Single(stream => stream.Quantity == signal.Quantity.Name).Unit);
            var at = sent[signal.Quantity.Name].GetEnumerator();
            foreach (var reading in rig.Take().Where(reading => streams[reading.Stream].Quantity == signal.Quantity.Name && reading.Quality.HasValue()))
            {
                // In the order of the wire, each at most once: what lies between was not read.
                do
                    Assert.True(at.MoveNext(), $"{signal.Quantity.Name} {reading.Value} was never sent, or not then.");
                while (Math.Abs(at.Current - reading.Value) > 1e-7);
            }
        }
    }
}

static class TaskCompletionSourceExtensions
{
    public static void SetResultOnce<T>(this TaskCompletionSource<T> source, T result) => source.TrySetResult(result);
}
