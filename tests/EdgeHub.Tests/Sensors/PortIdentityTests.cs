using System.Text;
using EdgeHub.Edge.Finding;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.EndToEnd;

namespace EdgeHub.Tests.Sensors;

/// <summary>Ports by the adapter's name and instruments by their own, in a directory as udev keeps it, with real pseudo terminals behind it.</summary>
public sealed class PortIdentityTests : IDisposable
{
    const string AdapterA = "usb-FTDI_FT232R_USB_UART_A1-if00-port0";
    const string AdapterB = "usb-FTDI_FT232R_USB_UART_B2-if00-port0";

    readonly ScratchDirectory directory = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public PortIdentityTests() => Directory.CreateDirectory(directory.File("serial/by-id"));

    public void Dispose() => directory.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task After_a_renumbering_each_sensor_is_found_again_on_its_adapter()
    {
        using var before = Plug((AdapterA, "ttyUSB0"), (AdapterB, "ttyUSB1"));
        await using var rig = await StartAsync($"{Sensor("a", ById(AdapterA))},{Sensor("b", ById(AdapterB))}");
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports.All(port => port.Snapshot().Condition == Condition.Ok));
        before.Send(AdapterA, Dust(0xA1, 100));
        before.Send(AdapterB, Dust(0xB2, 200));
        await SamplerRig.UntilAsync(() => rig.Take().Count == 4);

        before.Dispose();
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports.All(port => port.Snapshot().Condition == Condition.Waiting));
        using var after = Plug((AdapterB, "ttyUSB0"), (AdapterA, "ttyUSB1"));
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports.All(port => port.Snapshot() is { Condition: Condition.Ok, Openings: 2 }));
        after.Send(AdapterA, Dust(0xA1, 101));
        after.Send(AdapterB, Dust(0xB2, 201));
        await SamplerRig.UntilAsync(() => rig.Take().Count == 8);
        Assert.Equal([10.0, 10.1], Values(rig, "a"));
        Assert.Equal([20.0, 20.1], Values(rig, "b"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_that_were_exchanged_are_refused_by_their_fingerprints_and_taken_when_they_are_back()
    {
        using var before = Plug((AdapterA, "ttyUSB0"), (AdapterB, "ttyUSB1"));
        await using var rig = await StartAsync($"{Sensor("a", directory.File("ttyUSB0"), "A160")},{Sensor("b", directory.File("ttyUSB1"), "b260")}");
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports.All(port => port.Snapshot().Condition == Condition.Ok));
        before.Send(AdapterA, Dust(0xA1, 100));
        before.Send(AdapterB, Dust(0xB2, 200));
        await SamplerRig.UntilAsync(() => rig.Take().Count == 4);

        before.Dispose();
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports.All(port => port.Snapshot().Condition == Condition.Waiting));
        using (var exchanged = Plug((AdapterB, "ttyUSB0"), (AdapterA, "ttyUSB1")))
        {
            await SamplerRig.UntilAsync(() => rig.Sampler.Ports.All(port => port.Snapshot().Condition == Condition.Ok));
            exchanged.Send(AdapterA, Dust(0xA1, 101));
            exchanged.Send(AdapterB, Dust(0xB2, 201));
            await SamplerRig.UntilAsync(() => rig.Sensor("a").Condition == Condition.Fault && rig.Sensor("b").Condition == Condition.Fault);
            Assert.StartsWith("another instrument answers: B260 instead of A160.", rig.Sensor("a").Sentence, StringComparison.Ordinal);
            Assert.Contains("write the fingerprint B260", rig.Sensor("a").Sentence, StringComparison.Ordinal);
            Assert.All(rig.Sensor("a").Streams, stream => Assert.Equal(1, stream.Unread[UnreadReason.Refused]));
        }

        await SamplerRig.UntilAsync(() => rig.Sampler.Ports.All(port => port.Snapshot().Condition == Condition.Waiting));
        using var back = Plug((AdapterA, "ttyUSB0"), (AdapterB, "ttyUSB1"));
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports.All(port => port.Snapshot().Condition == Condition.Ok));
        back.Send(AdapterA, Dust(0xA1, 102));
        back.Send(AdapterB, Dust(0xB2, 202));
        await SamplerRig.UntilAsync(() => rig.Take().Count == 8);
        Assert.Equal([10.0, 10.2], Values(rig, "a"));
        Assert.Equal([20.0, 20.2], Values(rig, "b"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_slave_that_was_exchanged_is_asked_who_it_is_after_the_plug_and_its_values_are_not_taken()
    {
        using var plugged = Plug((AdapterA, "ttyUSB0"));
        await using var rig = await StartAsync($$"""{ "id": "n", "driver": "modbus", "port": "serial:{{ById(AdapterA)}}", "address": 1, "profile": "noise-meter", "fingerprint": "maker/N1/1.0", "interval": "50ms" }""");
        var first = plugged.AnswerAsync(AdapterA, "maker/N1/1.0");
        await SamplerRig.UntilAsync(() => rig.Take().Count > 0);
        plugged.Dispose();
        await first;
        await SamplerRig.UntilAsync(() => rig.Sensor("n").Condition == Condition.Waiting);
        var readings = rig.Take().Count;
        using var other = Plug((AdapterA, "ttyUSB4"));
        var second = other.AnswerAsync(AdapterA, "maker/N1/1.7");
        await SamplerRig.UntilAsync(() => rig.Sensor("n").Condition == Condition.Fault);
        Assert.Contains("maker/N1/1.7 instead of maker/N1/1.0", rig.Sensor("n").Sentence, StringComparison.Ordinal);
        Assert.Equal(readings, rig.Take().Count);
        other.Dispose();
        await second;
    }

    [Fact(Timeout = 60_000)]
    public async Task Check_warns_of_a_port_that_is_numbered_in_the_order_of_plugging_and_names_the_one_that_stays()
    {
        using var plugged = Plug((AdapterA, "ttyUSB0"), (AdapterB, "ttyUSB1"));
        File.CreateSymbolicLink(directory.File("ttyUSB9"), "/dev/null");
        await File.WriteAllTextAsync(directory.File("box.json"), $$"""{ "gateway": { "id": "box" }, "dataDirectory": "{{directory.Path}}", "uplink": { "broker": "mqtt://127.0.0.1:9" }, "sensors": [ {{Sensor("a", directory.File("ttyUSB0"))}}, {{Sensor("b", ById(AdapterB))}}, {{Sensor("c", directory.File("ttyUSB9"))}} ] }""", Token);
        var (code, lines) = await Programs.RunAsync(Programs.Edge, ["check", "--config", directory.File("box.json")], Token);
        Assert.Equal(0, code);
        var warning = Assert.Single(lines, line => line.StartsWith("warning:", StringComparison.Ordinal));
        Assert.Contains($"{directory.File("ttyUSB0")} (a) is numbered", warning, StringComparison.Ordinal);
        Assert.Contains($"Write {ById(AdapterA)}", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_that_stays_is_the_adapters_or_else_that_of_its_socket()
    {
        Directory.CreateDirectory(directory.File("serial/by-path"));
        using var plugged = Plug((AdapterA, "ttyUSB0"));
        File.CreateSymbolicLink(directory.File("ttyACM0"), "/dev/null");
        File.CreateSymbolicLink(directory.File("serial/by-path/socket-0"), directory.File("ttyUSB0"));
        File.CreateSymbolicLink(directory.File("serial/by-path/socket-1"), directory.File("ttyACM0"));
        Assert.Equal(ById(AdapterA), SerialPorts.StableName(directory.File("ttyUSB0")));
        Assert.Equal(directory.File("serial/by-path/socket-1"), SerialPorts.StableName(directory.File("ttyACM0")));
        Assert.Null(SerialPorts.StableName(ById(AdapterA)));
        Assert.Null(SerialPorts.StableName(directory.File("ttyUSB7")));
    }

    // Adapters in the order of plugging: udev gives each its number and moves the link of its name there.
    Adapters Plug(params (string Name, string Number)[] adapters) => new(
        [.. adapters.Select(adapter =>
        {
            var terminal = new Pty(directory.File(adapter.Number));
            File.Delete(ById(adapter.Name));
            File.CreateSymbolicLink(ById(adapter.Name), $"../../{adapter.Number}");
            return (adapter.Name, terminal);
        })],
        ById);

    string ById(string name) => directory.File($"serial/by-id/{name}");

    static string Sensor(string id, string port, string fingerprint = "") =>
        $$"""{ "id": "{{id}}", "driver": "sds011", "port": "serial:{{port}}", "fingerprint": "{{fingerprint}}" }""";

    static async Task<SamplerRig> StartAsync(string sensors)
    {
        var rig = new SamplerRig($$"""{ "sensors": [ {{sensors}} ] }""", TimeProvider.System);
        await rig.Sampler.StartAsync(Token);
        return rig;
    }

    // PM2.5 of that sensor; its PM10 comes with it.
    static IEnumerable<double> Values(SamplerRig rig, string id)
    {
        var stream = rig.Sensor(id).Streams[0].Stream;
        return rig.Take().Where(reading => reading.Stream == stream).Select(reading => reading.Value);
    }

    // SDS011 control protocol V1.3: tenths, low byte first, then the device's id.
    static byte[] Dust(byte id, byte tenths)
    {
        byte[] data = [tenths, 0, tenths, 0, id, 0x60];
        return [0xAA, 0xC0, .. data, (byte)data.Sum(part => part), 0xAB];
    }

    static byte[] Identity(string name) =>
        ModbusFrames.Wrap(1, [0x2B, 0x0E, 0x01, 0x01, 0x00, 0x00, 0x03, .. name.Split('/').SelectMany((part, i) => (byte[])[(byte)i, (byte)part.Length, .. Encoding.ASCII.GetBytes(part)])]);

    sealed class Adapters((string Name, Pty Terminal)[] plugged, Func<string, string> link) : IDisposable
    {
        public void Send(string name, byte[] bytes) => Of(name).Send(bytes);

        /// <summary>Is a noise meter that has function 43, until its terminal is gone.</summary>
        public Task AnswerAsync(string name, string identity) => Task.Run(
            () =>
            {
                var terminal = Of(name);
                try
                {
                    while (terminal.Receive() is { Length: > 1 } asked)
                        terminal.Send(asked[1] == ModbusIdentification.Function ? Identity(identity) : Convert.FromHexString("01030202923889"));
                }
                catch (IOException)
                {
                    // Unplugged between the question and the answer.
                }
            },
            Token);

        public void Dispose()
        {
            foreach (var (name, terminal) in plugged)
            {
                if (Path.Exists(link(name)) || new FileInfo(link(name)).LinkTarget is not null)
                    File.Delete(link(name));
                terminal.Dispose();
            }
        }

        Pty Of(string name) => plugged.Single(one => one.Name == name).Terminal;
    }
}
