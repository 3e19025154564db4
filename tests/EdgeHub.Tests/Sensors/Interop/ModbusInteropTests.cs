using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims;
using EdgeHub.Edge.Sensors;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;

namespace EdgeHub.Tests.Sensors.Interop;

/// <summary>Modbus against programs that others wrote: pymodbus and libmodbus answer our master, mbpoll asks our slave.</summary>
public sealed class ModbusInteropTests : IDisposable
{
    const string Python = "/usr/bin/python3";
    const string PyModbus = "/usr/lib/python3/dist-packages/pymodbus/__init__.py";
    const string PySerial = "/usr/lib/python3/dist-packages/serial/__init__.py";
    const string LibModbus = "/usr/include/modbus/modbus.h";
    const string MbPoll = "/usr/bin/mbpoll";
    const string Socat = "/usr/bin/socat";

    // What the two servers hold: see the head of each.
    const string Profile = """
        { "name": "foreign", "function": 4, "gapMax": 0, "registers": [
          { "quantity": "abcd", "unit": "V", "address": 0, "type": "f32", "order": "abcd" },
          { "quantity": "cdab", "unit": "V", "address": 2, "type": "f32", "order": "cdab" },
          { "quantity": "badc", "unit": "V", "address": 4, "type": "f32", "order": "badc" },
          { "quantity": "dcba", "unit": "V", "address": 6, "type": "f32", "order": "dcba" },
          { "quantity": "first", "unit": "1", "address": 0, "function": 3, "type": "u16" },
          { "quantity": "last", "unit": "1", "address": 199, "function": 3, "type": "i16" },
          { "quantity": "coil", "unit": "1", "address": 3, "function": 1, "type": "bit" },
          { "quantity": "contact", "unit": "1", "address": 4, "function": 2, "type": "bit" } ] }
        """;

    static readonly double[] Expected = [230.1, 230.1, 230.1, 230.1, 0x1000, 0x10C7, 1, 0];

    readonly ScratchDirectory directory = new();

    public ModbusInteropTests() => File.WriteAllText(directory.File("foreign.json"), Profile);

    public void Dispose() => directory.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("tcp", "modbus-tcp")]
    [InlineData("rtu-over-tcp", "tcp")]
    public async Task A_pymodbus_server_is_read_over_a_socket(string kind, string scheme)
    {
        var port = Mosquitto.FreePort();
        using var server = await StartPyModbusAsync(kind, $"{port}");
        await ReadAsync($"{scheme}:127.0.0.1:{port}");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_pymodbus_server_is_read_over_a_serial_line()
    {
        Assert.SkipUnless(File.Exists(Socat), "This test joins two serial ports: install the Debian package socat.");
        Assert.SkipUnless(File.Exists(PySerial), "This test needs pymodbus on a serial port: install the Debian package python3-serial.");
        var (far, near) = (directory.File("far"), directory.File("near"));
        using var cable = ForeignProgram.StartSilent(Socat, $"pty,raw,echo=0,link={far}", $"pty,raw,echo=0,link={near}");
        await SamplerRig.UntilAsync(() => File.Exists(far) && File.Exists(near));
        using var server = await StartPyModbusAsync("rtu", far);
        await ReadAsync($"serial:{near}?baud=9600");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_libmodbus_server_is_read_over_Modbus_TCP()
    {
        Assert.SkipUnless(File.Exists(LibModbus) && File.Exists("/usr/bin/gcc"), "This test compiles a C server: install the Debian packages libmodbus-dev and gcc.");
        var program = directory.File("server");
        var (exitCode, text) = await ForeignProgram.RunAsync("/usr/bin/gcc", "-I/usr/include/modbus", "-o", program, Source("libmodbus-server.c"), "-lmodbus");
        Assert.True(exitCode == 0, text);
        var port = Mosquitto.FreePort();
        using var server = await ForeignProgram.StartAsync(program, $"{port}");
        await ReadAsync($"modbus-tcp:127.0.0.1:{port}");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("pymodbus/PM/3.0", Condition.Ok)]
    [InlineData("maker/other/1.0", Condition.Fault)]
    public async Task A_pymodbus_server_is_taken_for_who_it_says_it_is(string fingerprint, Condition expected)
    {
        var port = Mosquitto.FreePort();
        using var server = await StartPyModbusAsync("tcp", $"{port}");
        await using var rig = Rig($"modbus-tcp:127.0.0.1:{port}", $""", "fingerprint": "{fingerprint}" """);
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        await SamplerRig.UntilAsync(() => rig.Sensor("s").Condition == expected);
        Assert.Equal(expected == Condition.Ok, rig.Take().Count > 0);
        if (expected == Condition.Fault)
            Assert.Contains("another instrument answers: pymodbus/PM/3.0 instead of maker/other/1.0", rig.Sensor("s").Sentence, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_refuses_a_register_says_so_and_is_not_silent()
    {
        await File.WriteAllTextAsync(directory.File("foreign.json"), """{ "name": "foreign", "function": 3, "registers": [ { "quantity": "beyond", "unit": "1", "address": 5000 } ] }""", TestContext.Current.CancellationToken);
        var port = Mosquitto.FreePort();
        using var server = await StartPyModbusAsync("tcp", $"{port}");
        await using var rig = Rig($"modbus-tcp:127.0.0.1:{port}");
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        await SamplerRig.UntilAsync(() => rig.Sensor("s").Condition == Condition.Fault);
        Assert.True(rig.Sensor("s").Counters.Exceptions > 0);
        Assert.Equal(0, rig.Sensor("s").Counters.Timeouts);
        Assert.Empty(rig.Take());
    }

    [Fact(Timeout = 60_000)]
    public async Task Mbpoll_reads_our_double_as_it_reads_an_instrument()
    {
        Assert.SkipUnless(File.Exists(MbPoll), "This test asks as a foreign master: install the Debian package mbpoll.");
        var device = new NoiseMeter("noise", 2, seed: 5);
        var port = directory.File("tty");
        using var ledger = new Ledger(directory.File("ledger.jsonl"), TimeProvider.System);
        using var line = SimLine.Open(port, 9600, [device], ledger, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var playing = line.RunAsync(stop.Token);
        var (exitCode, text) = await ForeignProgram.RunAsync(MbPoll, "-m", "rtu", "-a", "2", "-b", "9600", "-P", "none", "-t", "4", "-0", "-r", "0", "-c", "1", "-1", port);
        await stop.CancelAsync();
        await playing.ContinueWith(static ended => Assert.False(ended.IsFaulted, ended.Exception?.ToString()), TaskScheduler.Default);
        Assert.True(exitCode == 0, text);
        var sent = System.Text.Json.JsonDocument.Parse((await File.ReadAllTextAsync(directory.File("ledger.jsonl"), TestContext.Current.CancellationToken)).Trim()).RootElement.GetProperty("value").GetDouble();
        Assert.Contains($"[0]: \t{Math.Round(sent * 10)}", text, StringComparison.Ordinal);
    }

    async Task ReadAsync(string port)
    {
        await using var rig = Rig(port);
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        await SamplerRig.UntilAsync(() => rig.Sensor("s").Streams.All(stream => stream.Read >= 5));
        Assert.All(rig.Take(), reading => Assert.Equal(Expected[reading.Stream], reading.Value, 4));
        Assert.Equal(Condition.Ok, rig.Sensor("s").Condition);
        Assert.Equal(0, rig.Sensor("s").Counters.CrcErrors);
    }

    SamplerRig Rig(string port, string more = "") => new($$"""
        { "modbus": { "profilesDirectory": "{{directory.Path}}" },
          "sensors": [ { "id": "s", "driver": "modbus", "port": "{{port}}", "address": 1, "profile": "foreign", "interval": "300ms"{{more}} } ] }
        """, TimeProvider.System);

    static Task<ForeignProgram> StartPyModbusAsync(string kind, string where)
    {
        Assert.SkipUnless(File.Exists(PyModbus), "This test needs a foreign Modbus server: install the Debian package python3-pymodbus.");
        return ForeignProgram.StartAsync(Python, Source("pymodbus_server.py"), kind, where);
    }

    static string Source(string file) => Path.Combine(Repository.Root, "tests", "EdgeHub.Tests", "Sensors", "Interop", file);
}
