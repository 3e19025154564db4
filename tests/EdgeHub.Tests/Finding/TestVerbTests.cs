using System.Diagnostics;
using System.Text.Json;
using EdgeHub.Tests.EndToEnd;

namespace EdgeHub.Tests.Finding;

/// <summary><c>edgehub test --once</c> as a technician runs it, over pseudo terminals.</summary>
public sealed class TestVerbTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Each_sensor_is_read_once_with_its_raw_bytes()
    {
        await using var line = new DoubleLine(9600, DoubleLine.Double("weather-station", "w", "1"), DoubleLine.Double("noise-meter", "n", "2"));
        var config = line.Config("box", Modbus("w", line.Port, 1, "weather-station") + "," + Modbus("n", line.Port, 2, "noise-meter"));
        var (code, lines) = await Programs.RunAsync(Programs.Edge, ["test", "--once", "--json", "--config", config], Token);
        Assert.Equal(0, code);
        var sensors = Sensors(lines);
        Assert.All(sensors, sensor => Assert.True(sensor.GetProperty("answered").GetBoolean()));
        var noise = sensors.Single(sensor => sensor.GetProperty("id").GetString() == "n");
        var raw = Convert.FromHexString(noise.GetProperty("raw").GetString()!);
        var value = noise.GetProperty("values").EnumerateArray().Single();
        Assert.StartsWith("0203", noise.GetProperty("asked").GetString(), StringComparison.Ordinal);
        Assert.Equal(((raw[3] << 8) | raw[4]) / 10.0, value.GetProperty("value").GetDouble(), 9);
        Assert.Equal("good", value.GetProperty("quality").GetString());
        Assert.InRange(value.GetProperty("ageSeconds").GetDouble(), 0, 30);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_does_not_answer_is_named_and_the_exit_code_says_so()
    {
        await using var line = new DoubleLine(9600, DoubleLine.Double("noise-meter", "n", "2"));
        var config = line.Config("box", Modbus("n", line.Port, 2, "noise-meter") + "," + Modbus("dead", line.Port, 3, "noise-meter"));
        var (code, lines) = await Programs.RunAsync(Programs.Edge, ["test", "--once", "--timeout", "2", "--config", config], Token);
        Assert.Equal(1, code);
        Assert.Contains(lines, text => text.StartsWith("n (modbus", StringComparison.Ordinal) && text.EndsWith(": ok", StringComparison.Ordinal));
        Assert.Contains(lines, text => text.StartsWith("dead (modbus", StringComparison.Ordinal) && text.Contains("silent", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_the_daemon_holds_the_port_it_is_asked_and_a_stranger_learns_who_holds_it()
    {
        await using var line = new DoubleLine(9600, DoubleLine.Double("pms5003"));
        var sensor = $$"""{ "id": "pm", "driver": "pms5003", "port": "serial:{{line.Port}}" }""";
        var config = line.Config("box", sensor);
        using var daemon = Process.Start(new ProcessStartInfo(Programs.Edge, ["run", "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            _ = daemon.StandardOutput.ReadToEndAsync(Token);
            _ = daemon.StandardError.ReadToEndAsync(Token);
            int code;
            string[] lines;
            while ((await Programs.RunAsync(Programs.Edge, ["status", "--config", config], Token)).ExitCode == 2)
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
            do
                (code, lines) = await Programs.RunAsync(Programs.Edge, ["test", "--once", "--json", "--timeout", "1", "--config", config], Token);
            while (code != 0);
            var held = Sensors(lines).Single();
            Assert.Contains("424D001C", held.GetProperty("raw").GetString(), StringComparison.Ordinal);
            Assert.Equal(12, held.GetProperty("values").GetArrayLength());

            (code, lines) = await Programs.RunAsync(Programs.Edge, ["test", "--once", "--timeout", "1", "--config", line.Config("stranger", sensor)], Token);
            Assert.Equal(1, code);
            Assert.Contains($"held by edgehub (process {daemon.Id})", lines[0], StringComparison.Ordinal);
        }
        finally
        {
            daemon.Kill();
            await daemon.WaitForExitAsync(Token);
        }
    }

    static string Modbus(string id, string port, int address, string profile) =>
        $$"""{ "id": "{{id}}", "driver": "modbus", "port": "serial:{{port}}?baud=9600", "address": {{address}}, "profile": "{{profile}}" }""";

    static IReadOnlyList<JsonElement> Sensors(string[] lines)
    {
        using var json = JsonDocument.Parse(string.Join('\n', lines));
        return [.. json.RootElement.Clone().EnumerateArray()];
    }
}
