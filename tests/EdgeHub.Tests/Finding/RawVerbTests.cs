using System.Diagnostics;
using System.Text.Json;
using EdgeHub.DeviceSims.Faults;
using EdgeHub.Edge.Finding;
using EdgeHub.Edge.Sensors;
using EdgeHub.Tests.EndToEnd;
using EdgeHub.Tests.Sensors;
using EdgeHub.Tests.Sensors.I2c;

namespace EdgeHub.Tests.Finding;

/// <summary><c>edgehub raw</c> and <c>edgehub test --once</c> through the daemon's local socket.</summary>
[Collection("whole machine")]
public sealed class RawVerbTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task What_went_over_a_port_around_a_fault_is_shown_with_the_reason()
    {
        var dust = DoubleLine.Double("pms5003");
        dust.Faults.Set(FaultKind.Crc, 0.5);
        await using var line = new DoubleLine(9600, dust);
        var config = line.Config("box", $$"""{ "id": "pm", "driver": "pms5003", "port": "serial:{{line.Port}}" }""");
        using var daemon = Process.Start(new ProcessStartInfo(Programs.Edge, ["run", "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            _ = daemon.StandardOutput.ReadToEndAsync(Token);
            _ = daemon.StandardError.ReadToEndAsync(Token);
            JsonElement port;
            do
                port = await PortAsync(config, "pm");
            while (port.ValueKind == JsonValueKind.Undefined || port.GetProperty("faults").EnumerateArray().All(fault => fault.GetProperty("chunks").GetArrayLength() < 3));
            var fault = port.GetProperty("faults").EnumerateArray().First(one => one.GetProperty("chunks").GetArrayLength() >= 3);
            Assert.Equal("checksum, pm", fault.GetProperty("reason").GetString());
            Assert.Contains(fault.GetProperty("chunks").EnumerateArray(), chunk => !chunk.GetProperty("sent").GetBoolean() && chunk.GetProperty("hex").GetString()!.Contains("424D001C", StringComparison.Ordinal));
            Assert.Equal($"serial:{line.Port}", (await PortAsync(config, line.Port)).GetProperty("port").GetString());

            var (code, lines) = await Programs.RunAsync(Programs.Edge, ["raw", "pm", "--config", config], Token);
            Assert.Equal(0, code);
            Assert.Contains(lines, text => text.StartsWith("  fault at ", StringComparison.Ordinal) && text.EndsWith(": checksum, pm", StringComparison.Ordinal));
            Assert.Contains(lines, text => text.Contains(" rx ", StringComparison.Ordinal));
        }
        finally
        {
            daemon.Kill();
            await daemon.WaitForExitAsync(Token);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_part_on_i2c_and_a_contact_are_looked_at_through_the_daemon()
    {
        using var part = new CommandDouble(asked => asked == "2400" ? [.. CommandDouble.Word(0x6666), .. CommandDouble.Word(0x8000)] : null);
        using var chip = new FakeGpioDriver();
        chip.SetSilently(17, true);
        await using var rig = await StartAsync(part, chip);
        await SamplerRig.UntilAsync(() => rig.Take().Count >= 3);
        await using var daemon = new LocalDaemon(LookPages.Of(rig.Sampler, rig.Clock));
        var (code, said, complained) = await daemon.CommandAsync("test", "--once");
        Assert.Equal(0, code);
        Assert.Contains("2 of 2 sensors answered", complained, StringComparison.Ordinal);
        Assert.Contains("humid (sht3x, i2c:1/0x44): ok\n", said, StringComparison.Ordinal);
        Assert.Contains("  asked  882400\n  raw    896666", said, StringComparison.Ordinal);
        Assert.Contains("door (gpio-input, gpio:0/17): ok\n", said, StringComparison.Ordinal);

        (code, said, _) = await daemon.CommandAsync("raw", "humid");
        Assert.Equal(0, code);
        Assert.StartsWith("i2c:1 (humid)\n", said, StringComparison.Ordinal);
        Assert.Contains(" tx 882400\n", said, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_part_that_falls_silent_freezes_what_was_before()
    {
        using var part = new CommandDouble(asked => asked == "2400" ? [.. CommandDouble.Word(0x6666), .. CommandDouble.Word(0x8000)] : null);
        using var chip = new FakeGpioDriver();
        await using var rig = await StartAsync(part, chip);
        await SamplerRig.UntilAsync(() => rig.Sensor("humid").Condition == Condition.Ok);
        part.IsThere = false;
        await SamplerRig.UntilAsync(() => rig.Sensor("humid").Condition == Condition.Silent);
        await using var daemon = new LocalDaemon(LookPages.Of(rig.Sampler, rig.Clock));
        var (_, said, _) = await daemon.CommandAsync("raw", "i2c:1");
        Assert.Contains(": humid is silent\n", said, StringComparison.Ordinal);
        (_, said, _) = await daemon.CommandAsync("raw");
        Assert.Contains("i2c:1 (humid)\n  fault at ", said, StringComparison.Ordinal);
        Assert.Contains("gpio:0 (door): no bytes yet\n", said, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_name_that_is_unknown_is_answered_with_the_nearest()
    {
        using var part = new CommandDouble(_ => null);
        using var chip = new FakeGpioDriver();
        await using var rig = await StartAsync(part, chip);
        await using var daemon = new LocalDaemon(LookPages.Of(rig.Sampler, rig.Clock));
        Assert.Equal((2, "", "There is no sensor and no port humit: did you mean humid?\n"), await daemon.CommandAsync("raw", "humit"));
        Assert.Equal((2, "", "There is no sensor and no port somewhere-else. There are: humid, door, i2c:1, gpio:0.\n"), await daemon.CommandAsync("raw", "somewhere-else"));
    }

    static async Task<JsonElement> PortAsync(string config, string name)
    {
        var (code, lines) = await Programs.RunAsync(Programs.Edge, ["raw", name, "--json", "--config", config], Token);
        if (code != 0)
            return default;
        using var json = JsonDocument.Parse(string.Join('\n', lines));
        return json.RootElement.Clone().EnumerateArray().Single();
    }

    static async Task<SamplerRig> StartAsync(CommandDouble part, FakeGpioDriver chip)
    {
        var rig = new SamplerRig("""{ "sensors": [ { "id": "humid", "driver": "sht3x", "port": "i2c:1/0x44", "interval": "100ms" }, { "id": "door", "driver": "gpio-input", "port": "gpio:0/17" } ] }""", TimeProvider.System, openGpio: _ => chip, openI2c: (_, _) => part);
        await rig.Sampler.StartAsync(Token);
        return rig;
    }
}
