using System.Text.Json;
using EdgeHub.DeviceSims;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.Tests.DeviceSims;

namespace EdgeHub.Tests.Finding;

/// <summary>Doubles that play on a pseudo terminal while a test lasts, and a configuration beside them.</summary>
sealed class DoubleLine : IAsyncDisposable
{
    readonly ScratchDirectory directory = new();
    readonly Ledger ledger;
    readonly SimLine line;
    readonly CancellationTokenSource stop = new();
    readonly Task playing;

    public DoubleLine(int baud, params DeviceDouble[] devices)
    {
        ledger = new Ledger(directory.File("ledger.jsonl"), TimeProvider.System);
        line = SimLine.Open(Port, baud, devices, ledger, TimeProvider.System, strict: true);
        playing = Task.Run(() => line.RunAsync(stop.Token));
    }

    public string Port => directory.File("tty");

    public string File(string name) => directory.File(name);

    /// <summary>A configuration with these sensors, as a file.</summary>
    public string Config(string name, string sensors)
    {
        var path = directory.File(name + ".json");
        System.IO.File.WriteAllText(path, $$"""{ "gateway": { "id": "box", "site": "here" }, "dataDirectory": {{JsonSerializer.Serialize(directory.File(name))}}, "http": { "listen": "127.0.0.1:0" }, "uplink": { "broker": "mqtt://127.0.0.1:9" }, "sensors": [ {{sensors}} ] }""");
        return path;
    }

    public static DeviceDouble Double(string model, string id = "s", string? address = null) =>
        DoubleCatalog.Find(model)!.Make(new DoubleSettings(id, Seed: 7, address, Pace: TimeSpan.FromMilliseconds(200), TimeProvider.System));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await playing.ContinueWith(static ended => Assert.False(ended.IsFaulted, ended.Exception?.ToString()), TaskScheduler.Default);
        line.Dispose();
        ledger.Dispose();
        stop.Dispose();
        directory.Dispose();
    }
}
