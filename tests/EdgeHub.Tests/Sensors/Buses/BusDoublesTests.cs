using System.Text.Json;
using EdgeHub.DeviceSims;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;
using EdgeHub.Edge.Sensors;
using EdgeHub.Tests.DeviceSims;

namespace EdgeHub.Tests.Sensors.Buses;

/// <summary>Instruments of a shared line and the drivers that read them, each written by itself, over a real pseudo terminal.</summary>
public sealed class BusDoublesTests : IDisposable
{
    const double FaultRate = 0.03;
    const string Plate = "652022122003";
    const string WaterPlate = "78330011223344";

    readonly ScratchDirectory directory = new();

    public static TheoryData<string> Instruments => ["dlt645-single-phase", "dlt645-three-phase", "dlt645 in parts", "cjt188-water", "cjt188-heat", "cjt188 of 2004", "soil", "water-level", "smoke"];

    public void Dispose() => directory.Dispose();

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Instruments))]
    public Task An_instrument_is_read_value_for_value(string name) => PlayAsync([Make(name)], [], rounds: 3);

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Instruments))]
    public Task A_bad_line_yields_no_spoiled_value(string name) =>
        PlayAsync([Make(name)], [FaultKind.Garbage, FaultKind.Crc, FaultKind.Flip, FaultKind.Split, FaultKind.Truncate, FaultKind.Merge, FaultKind.WrongAddress, FaultKind.Exception], rounds: 2);

    [Fact(Timeout = 60_000)]
    public Task Instruments_of_three_protocols_share_a_line() =>
        PlayAsync([Make("dlt645-single-phase"), Make("cjt188-water"), Make("soil"), Make("cjt188-heat")], [], rounds: 3);

    [Fact(Timeout = 60_000)]
    public async Task A_meter_that_counts_in_megajoules_is_read_in_kilowatt_hours()
    {
        var meter = new Cjt188Meter("s", WaterPlate, isHeat: true, seed: 5) { InMegajoules = true };
        await PlayAsync([(meter, """ "driver": "cjt188", "meter": "heat", "address": "78330011223344" """)], [], rounds: 3);
        Assert.Equal(0, meter.Writes);
    }

    static (DeviceDouble Device, string Driver) Make(string name) => name switch
    {
        "dlt645-single-phase" => (new Dlt645Meter("e1", Plate, isThreePhase: false, seed: 5), $""" "driver": "dlt645", "address": "{Plate}" """),
        "dlt645-three-phase" => (new Dlt645Meter("e3", Plate, isThreePhase: true, seed: 5), $""" "driver": "dlt645", "address": "{Plate}", "meter": "three-phase" """),
        "dlt645 in parts" => (new Dlt645Meter("ep", Plate, isThreePhase: true, seed: 5, dataBytesMax: 2), $""" "driver": "dlt645", "address": "{Plate}", "meter": "three-phase" """),
        "cjt188-water" => (new Cjt188Meter("w", WaterPlate, isHeat: false, seed: 5), $""" "driver": "cjt188", "address": "{WaterPlate}" """),
        "cjt188-heat" => (new Cjt188Meter("h", "00000000000042", isHeat: true, seed: 5), """ "driver": "cjt188", "meter": "heat", "address": "00000000000042" """),
        "cjt188 of 2004" => (new Cjt188Meter("o", WaterPlate, isHeat: false, seed: 5, lowFirst: false), $""" "driver": "cjt188", "address": "{WaterPlate}", "order": "high-first" """),
        "soil" => (RegisterSlave.Soil("soil", 4, seed: 5), """ "driver": "modbus", "address": 4, "profile": "soil" """),
        "water-level" => (RegisterSlave.WaterLevel("level", 5, seed: 5), """ "driver": "modbus", "address": 5, "profile": "water-level" """),
        _ => (RegisterSlave.Smoke("smoke", 6, seed: 5), """ "driver": "modbus", "address": 6, "profile": "smoke" """),
    };

    async Task PlayAsync((DeviceDouble Device, string Driver)[] instruments, FaultKind[] faults, int rounds)
    {
        foreach (var fault in faults)
            foreach (var (device, _) in instruments)
                device.Faults.Set(fault, FaultRate);
        var port = directory.File("tty");
        using var ledger = new Ledger(directory.File("ledger.jsonl"), TimeProvider.System);
        using var line = SimLine.Open(port, 9600, [.. instruments.Select(item => item.Device)], ledger, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var sensors = instruments.Select(item => $$"""{ "id": "{{item.Device.SensorId}}", "port": "serial:{{port}}?baud=9600&parity=none", "interval": "{{(item.Device is Dlt645Meter ? 3 : 1)}}s", {{item.Driver}} }""");
        await using var rig = new SamplerRig($$"""{ "sensors": [ {{string.Join(", ", sensors)}} ] }""", TimeProvider.System);
        var playing = line.RunAsync(stop.Token);
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        await SamplerRig.UntilAsync(() => rig.Sampler.Sensors.All(sensor => sensor.Snapshot().Streams.All(stream => stream.Read >= rounds)));
        await line.PauseAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await playing.ContinueWith(static ended => Assert.False(ended.IsFaulted, ended.Exception?.ToString()), TaskScheduler.Default);
        foreach (var (device, _) in instruments)
            Judge(rig, device);
        Assert.All(instruments.Select(item => item.Device).OfType<Dlt645Meter>(), meter => Assert.Equal(0, meter.Writes));
        Assert.All(instruments.Select(item => item.Device).OfType<Cjt188Meter>(), meter => Assert.Equal(0, meter.Writes));
    }

    // Every value that was read is one that was sent, in the order of the wire and at most once.
    void Judge(SamplerRig rig, DeviceDouble device)
    {
        var sent = File.ReadLines(directory.File("ledger.jsonl")).Select(text => JsonDocument.Parse(text).RootElement)
            .Where(entry => entry.GetProperty("sensor").GetString() == device.SensorId && entry.GetProperty("valid").GetBoolean())
            .ToLookup(entry => entry.GetProperty("quantity").GetString()!, entry => entry.GetProperty("value").GetDouble());
        var state = rig.Sampler.Sensors.Single(sensor => sensor.Options.Id == device.SensorId);
        Assert.Equal(device.Quantities.Select(quantity => (quantity.Name, quantity.Unit)).Order(), state.Options.Streams.Select(stream => (stream.Quantity, stream.Unit)).Order());
        for (var stream = 0; stream < state.Options.Streams.Count; stream++)
        {
            var values = sent[state.Options.Streams[stream].Quantity].GetEnumerator();
            foreach (var reading in rig.Take().Where(reading => reading.Stream == state.FirstStream + stream))
            {
                do
                    Assert.True(values.MoveNext(), $"{device.SensorId} {state.Options.Streams[stream].Quantity} {reading.Value} was never sent, or not then.");
                while (Math.Abs(values.Current - reading.Value) > 1e-6);
            }
        }
    }
}
