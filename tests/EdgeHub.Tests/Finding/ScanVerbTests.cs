using System.Text.Json;
using EdgeHub.Edge.Finding;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.EndToEnd;
using EdgeHub.Tests.Sensors;
using EdgeHub.Tests.Sensors.I2c;

namespace EdgeHub.Tests.Finding;

/// <summary><c>edgehub scan</c> as a technician runs it, over pseudo terminals that are strict about their speed.</summary>
public sealed class ScanVerbTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData("pms5003", "pms5003")]
    [InlineData("pms3003", "pms3003")]
    [InlineData("pms5003st", "pms5003st")]
    [InlineData("sds011", "sds011")]
    [InlineData("ze07-co", "ze07-co")]
    [InlineData("ze08-ch2o", "ze08-ch2o")]
    [InlineData("a02yyuw", "a02yyuw")]
    [InlineData("gnss", "nmea")]
    public async Task What_talks_by_itself_is_recognised_by_its_stable_name_and_then_read(string model, string driver)
    {
        await using var line = new DoubleLine(9600, DoubleLine.Double(model));
        var name = Path.Combine(Directory.CreateDirectory(line.File("dev/serial/by-id")).FullName, "usb-FTDI_FT232R_A1-if00-port0");
        File.CreateSymbolicLink(name, line.Port);
        File.CreateSymbolicLink(line.File("dev/ttyUSB0"), line.Port);
        var found = await ScanAsync(line, 0, "serial", "--dev", line.File("dev"), "--listen", "1.5", "--baud", "4800", "9600");
        Assert.Equal((name, driver), (found.Single().GetProperty("port").GetString(), found[0].GetProperty("sensor").GetProperty("driver").GetString()));
        await IsReadAsync(line);
    }

    [Fact(Timeout = 60_000)]
    public async Task Slaves_are_found_at_their_speed_told_apart_and_then_read()
    {
        await using var line = new DoubleLine(4800, DoubleLine.Double("weather-station", "w", "1"), DoubleLine.Double("noise-meter", "n", "3"), DoubleLine.Double("meter-sdm", "m", "5"));
        var found = await ScanAsync(line, 0, "modbus", line.Port, "--addresses", "1-5");
        Assert.Equal(["weather-station", "noise-meter", "meter-sdm"], found.Select(one => one.GetProperty("sensor").GetProperty("profile").GetString()));
        Assert.All(found, one => Assert.Contains("?baud=4800", one.GetProperty("sensor").GetProperty("port").GetString(), StringComparison.Ordinal));
        await IsReadAsync(line);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_meter_tells_its_address_and_is_then_read()
    {
        await using var line = new DoubleLine(2400, DoubleLine.Double("dlt645-three-phase", "m", "652022122004"));
        var found = await ScanAsync(line, 0, "dlt645", line.Port, "--baud", "1200", "2400");
        var sensor = found.Single().GetProperty("sensor");
        Assert.Equal(("652022122004", "three-phase"), (sensor.GetProperty("address").GetString(), sensor.GetProperty("meter").GetString()));
        await IsReadAsync(line);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("cjt188-water", "cold-water")]
    [InlineData("cjt188-heat", "heat")]
    public async Task A_water_or_heat_meter_tells_its_address_and_is_then_read(string model, string kind)
    {
        await using var line = new DoubleLine(2400, DoubleLine.Double(model, "m", "78330011223344"));
        var found = await ScanAsync(line, 0, "cjt188", line.Port, "--baud", "2400");
        var sensor = found.Single().GetProperty("sensor");
        Assert.Equal(("78330011223344", kind, "low-first"), (sensor.GetProperty("address").GetString(), sensor.GetProperty("meter").GetString(), sensor.GetProperty("order").GetString()));
        await IsReadAsync(line);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("modbus", true, "")]
    [InlineData("dlt645", true, "")]
    [InlineData("serial", false, "")]
    [InlineData("modbus", false, "0103000000")]
    [InlineData("dlt645", false, "FEFEFEFE68AAAAAAAAAAAA6813")]
    [InlineData("cjt188", true, "")]
    [InlineData("cjt188", false, "FEFEFE6810AAAAAAAAAAAAAA0303")]
    public async Task Passive_never_sends_a_byte_and_the_others_begin_with_a_read(string kind, bool passive, string sent)
    {
        using var directory = new ScratchDirectory();
        using var pty = new Pty(directory.File("tty"));
        using var ended = new CancellationTokenSource();
        var heard = new List<byte>();
#pragma warning disable CA2025 // It is awaited below, before its terminal goes.
        var hearing = Task.Run(() => HearAsync(pty, heard, ended.Token), Token);
#pragma warning restore CA2025
        var (code, lines) = await Programs.RunAsync(Programs.Edge, ["scan", kind, directory.File("tty"), "--listen", "1", "--baud", "9600", "--addresses", "1", .. passive ? ["--passive"] : Array.Empty<string>()], Token);
        Assert.Equal(1, code);
        await ended.CancelAsync();
        await hearing;
        Assert.Contains(lines, line => line.Contains(sent.Length == 0 ? "s of silence" : "silence at", StringComparison.Ordinal) || line.Contains("no Modbus slave answers", StringComparison.Ordinal));
        Assert.StartsWith(sent, Convert.ToHexString([.. heard]), StringComparison.Ordinal);
        Assert.Equal(sent.Length == 0, heard.Count == 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_line_on_which_another_master_talks_is_left_alone()
    {
        await using var line = new DoubleLine(9600, DoubleLine.Double("pms5003"));
        var found = await ScanAsync(line, 1, "modbus", line.Port, "--addresses", "1-5");
        Assert.Contains("Nothing was sent", found.Single().GetProperty("evidence").GetString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_configuration_that_exists_is_never_written_over()
    {
        await using var line = new DoubleLine(9600, DoubleLine.Double("pms5003"));
        await File.WriteAllTextAsync(line.File("found.json"), "mine", Token);
        var (code, _) = await Programs.RunAsync(Programs.Edge, ["scan", "serial", line.Port, "--listen", "1", "--write-config", line.File("found.json")], Token);
        Assert.Equal((1, "mine"), (code, await File.ReadAllTextAsync(line.File("found.json"), Token)));
    }

    [Fact]
    public void Each_address_that_acknowledges_a_read_is_found_and_none_is_written_to()
    {
        var found = I2cScan.Run((_, address) => new Unwritable { IsThere = address is 0x23 or 0x51 }, 1);
        Assert.Equal([("i2c:1/0x23", "bh1750"), ("i2c:1/0x51", null)], found.Select(one => (one.Port, one.Sensor?.Driver)));
    }

    [Fact]
    public void What_the_kernel_lists_is_told()
    {
        using var directory = new ScratchDirectory();
        Directory.CreateDirectory(directory.File("bus/w1/devices/28-0316a2795aff"));
        Directory.CreateDirectory(directory.File("bus/w1/devices/w1_bus_master1"));
        File.WriteAllText(directory.File("gpiochip0"), "");
        Assert.Equal("w1/28-0316a2795aff", KernelScan.OneWire(directory.Path).Single().Sensor!.Device);
        Assert.Equal("gpio:0", KernelScan.GpioChips(directory.Path).Single().Port);
    }

    // The terminal hangs up each time its last reader leaves; the program opens it several times.
    static async Task HearAsync(Pty pty, List<byte> heard, CancellationToken ended)
    {
        while (pty.Receive() is var more && (more.Length > 0 || !ended.IsCancellationRequested))
            if (more.Length > 0)
                heard.AddRange(more);
            else
                await Task.Yield();
    }

    static async Task<List<JsonElement>> ScanAsync(DoubleLine line, int code, params string[] arguments)
    {
        var (exit, lines) = await Programs.RunAsync(Programs.Edge, ["scan", .. arguments, "--json", "--write-config", line.File("found.json")], Token);
        Assert.Equal(code, exit);
        using var json = JsonDocument.Parse(string.Join('\n', lines));
        return [.. json.RootElement.Clone().EnumerateArray()];
    }

    // The written configuration is accepted, and the daemon's own loops read every sensor of it.
    static async Task IsReadAsync(DoubleLine line)
    {
        Assert.Equal(0, (await Programs.RunAsync(Programs.Edge, ["check", "--config", line.File("found.json")], Token)).ExitCode);
        Assert.Equal(0, (await Programs.RunAsync(Programs.Edge, ["test", "--once", "--timeout", "20", "--config", line.File("found.json")], Token)).ExitCode);
    }

    sealed class Unwritable : I2cDouble
    {
        protected override void Take(ReadOnlySpan<byte> written) => Assert.Fail("A scan wrote to a part.");

        protected override void Answer(Span<byte> destination) => destination.Clear();
    }
}
