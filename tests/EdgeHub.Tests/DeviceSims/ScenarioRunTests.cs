using System.Net.Sockets;
using System.Text.Json;
using EdgeHub.DeviceSims.Verbs;
using EdgeHub.Edge.Sensors;
using EdgeHub.Hosting.Status;
using EdgeHub.Tests.Hosting;
using EdgeHub.Tests.Sensors;
using EdgeHub.Wire;

namespace EdgeHub.Tests.DeviceSims;

/// <summary>Scenarios on real pseudo terminals, read by the real edge: what is put on the wire is what is read.</summary>
public sealed class ScenarioRunTests : IDisposable
{
    const int TestTimeoutMs = 90_000;

    readonly ScratchDirectory directory = new();
    readonly StringWriter output = new();
    readonly StringWriter errors = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        directory.Dispose();
        output.Dispose();
        errors.Dispose();
    }

    [Theory(Timeout = TestTimeoutMs)]
    [InlineData("street")]
    [InlineData("fire")]
    public async Task Every_value_that_an_example_puts_on_the_wire_is_read_or_counted_and_no_other(string example)
    {
        var run = RunAsync("", "run", Path.Combine(Repository.Root, $"docs/examples/{example}.scenario.yaml"), "--dir", directory.Path, "--seconds", "12", "--json");
        await SamplerRig.UntilAsync(() => output.ToString().Contains("ready", StringComparison.Ordinal));
        var (air, weather, noise) = example == "street" ? ("air", "weather", "noise") : ("smoke", "stairwell", "siren");
        await using var rig = new SamplerRig($$"""
            { "sensors": [
              { "id": "{{air}}", "driver": "pms5003", "port": "serial:{{directory.File("ttyPM0")}}?baud=9600" },
              { "id": "{{weather}}", "driver": "modbus", "port": "serial:{{directory.File("ttyBUS0")}}?baud=9600", "address": 1, "profile": "weather-station", "interval": "400ms" },
              { "id": "{{noise}}", "driver": "modbus", "port": "serial:{{directory.File("ttyBUS0")}}?baud=9600", "address": 2, "profile": "noise-meter", "interval": "400ms" } ] }
            """, TimeProvider.System);
        await rig.Sampler.StartAsync(Token);

        Assert.Equal(0, await run);
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports.All(port => port.Snapshot().Condition == Condition.Waiting));
        var read = ByStream(rig);
        var sent = LedgerByStream();
        Assert.True(sent.Count >= 20, $"{sent.Count} streams");
        foreach (var (stream, values) in sent)
            AssertReadOrCounted(stream, values, read.GetValueOrDefault(stream, []), rig);
        Assert.True(sent.Values.Sum(values => values.Count) > 300);
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task The_daemon_shows_what_a_scenario_holds_and_what_a_live_command_makes_of_it()
    {
        await File.WriteAllTextAsync(directory.File("a.scenario.yaml"), "buses: [ { port: ttyBUS0, devices: [ { id: n, double: noise-meter, address: 7, values: { noise: { model: constant, value: 61.5 } } } ] } ]\n", Token);
        await File.WriteAllTextAsync(directory.File("edgehub.json"), $$"""{ "sensors": [ { "id": "n", "driver": "modbus", "port": "serial:{{directory.File("ttyBUS0")}}?baud=9600", "address": 7, "profile": "noise-meter" } ] }""", Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var control = directory.File("control.sock");
        var run = RunAsync("", "run", directory.File("a.scenario.yaml"), "--dir", directory.Path, "--control", control, "--seconds", "60");
        using var daemon = EdgeProcess.Start(directory.Path, null, "run", "--config", directory.File("edgehub.json"));
        await AwaitAsync(61.5);

        Assert.Equal("done", await TellAsync(control, "value n noise 70"));
        await AwaitAsync(70);
        Assert.Equal("refused", await TellAsync(control, "value n nois 70"));
        Assert.Equal("done", await TellAsync(control, "fault n spike on 12.5"));
        await AwaitAsync(82.5);
        daemon.Stop();
        await daemon.ExitAsync(Token);

        async Task AwaitAsync(double value)
        {
            while (true)
            {
                using var asked = EdgeProcess.Start(directory.Path, null, "status", "--json", "--config", directory.File("edgehub.json"));
                if (StatusReport.TryParse((await asked.ExitAsync(Token)).Output) is { Sensors: [{ Streams: [var stream, ..] }] } && stream.Value == value)
                    return;
            }
        }
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task A_wrong_scenario_is_named_line_by_line_and_exits_with_2()
    {
        var file = directory.File("bad.yaml");
        await File.WriteAllTextAsync(file, "sed: 7\nbuses: []\n", Token);
        Assert.Equal(2, await RunAsync("", "run", file, "--dir", directory.Path));
        Assert.Equal([$"{file}:2: buses: a scenario has at least one bus with devices.", $"{file}:1: sed: this key is not known here. Did you mean seed?"], errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(output.ToString());
        Assert.Equal(1, await RunAsync("", "run", directory.File("missing.yaml"), "--dir", directory.Path));
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task Slaves_with_one_address_collide_and_none_of_it_is_a_reading()
    {
        var run = RunAsync("", "run", Path.Combine(Repository.Root, "docs/examples/bad-bus.scenario.yaml"), "--dir", directory.Path, "--seconds", "6", "--json");
        await SamplerRig.UntilAsync(() => output.ToString().Contains("ready", StringComparison.Ordinal));
        await using var rig = new SamplerRig($$"""
            { "sensors": [
              { "id": "weather", "driver": "modbus", "port": "serial:{{directory.File("ttyBUS0")}}?baud=9600", "address": 1, "profile": "weather-station", "interval": "300ms" },
              { "id": "twice", "driver": "modbus", "port": "serial:{{directory.File("ttyBUS0")}}?baud=9600", "address": 2, "profile": "noise-meter", "interval": "300ms" },
              { "id": "dead", "driver": "modbus", "port": "serial:{{directory.File("ttyBUS0")}}?baud=9600", "address": 3, "profile": "meter-sdm", "interval": "300ms" } ] }
            """, TimeProvider.System);
        await rig.Sampler.StartAsync(Token);
        Assert.Equal(0, await run);

        var read = ByStream(rig);
        Assert.True(read["weather/temperature"].Count > 5);
        Assert.DoesNotContain(read.Keys, stream => !stream.StartsWith("weather", StringComparison.Ordinal));
        Assert.True(rig.Sensor("twice").Counters.CrcErrors > 0);
        Assert.True(rig.Sensor("dead").Counters.Timeouts > 0);
    }

    Task<int> RunAsync(string input, params string[] arguments)
    {
        // Off this thread: the verb wires its ports before it first waits.
        return Task.Run(async () =>
        {
            using var commands = new StringReader(input);
            return await SimsCommand.InvokeAsync(arguments, commands, output, errors, TimeProvider.System);
        }, Token);
    }

    static async Task<string?> TellAsync(string socket, string command)
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), Token);
        await using var stream = new NetworkStream(connection);
        using var reader = new StreamReader(stream);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(command + "\n"), Token);
        using var answer = JsonDocument.Parse((await reader.ReadLineAsync(Token))!);
        return answer.RootElement.GetProperty("event").GetString();
    }

    // On a busy machine an answer may come too late for the edge: then the edge has counted it, and the rest is read in order.
    static void AssertReadOrCounted(string stream, List<double> sent, List<double> read, SamplerRig rig)
    {
        var next = 0;
        foreach (var value in read)
        {
            var at = sent.IndexOf(value, next);
            Assert.True(at >= 0, $"{stream}: {value} was read and not sent, or not then");
            next = at + 1;
        }

        var names = stream.Split('/');
        var unread = rig.Sensor(names[0]).Streams.Single(one => one.Quantity == names[1]).Unread.Values.Sum();
        Assert.True(sent.Count - read.Count <= unread, $"{stream}: {sent.Count} sent, {read.Count} read, {unread} counted");
    }

    static Dictionary<string, List<double>> ByStream(SamplerRig rig)
    {
        List<(int First, SensorState Sensor)> sensors = [.. rig.Sampler.Sensors.Select(sensor => (sensor.FirstStream, sensor))];
        return rig.Take().Where(reading => reading.Quality.HasValue()).GroupBy(reading =>
        {
            var (first, sensor) = sensors.Last(one => one.First <= reading.Stream);
            return $"{sensor.Options.Id}/{sensor.Options.Streams[reading.Stream - first].Quantity}";
        }).ToDictionary(group => group.Key, group => group.Select(reading => reading.Value).ToList());
    }

    Dictionary<string, List<double>> LedgerByStream()
    {
        var sent = new Dictionary<string, List<double>>();
        foreach (var line in File.ReadLines(directory.File("ledger.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var entry = json.RootElement;
            var stream = $"{entry.GetProperty("sensor").GetString()}/{entry.GetProperty("quantity").GetString()}";
            if (entry.GetProperty("valid").GetBoolean())
                (sent.TryGetValue(stream, out var values) ? values : sent[stream] = []).Add(entry.GetProperty("value").GetDouble());
        }

        return sent;
    }
}
