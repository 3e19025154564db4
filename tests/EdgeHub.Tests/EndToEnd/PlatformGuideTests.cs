using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeHub.CloudBridge.Api;
using EdgeHub.Tests.CloudBridge;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using MQTTnet;

namespace EdgeHub.Tests.EndToEnd;

/// <summary>A platform team is served in ten minutes: each command of docs/platform.md, as it stands there, against the running bridge.</summary>
public sealed partial class PlatformGuideTests(PostgresServer postgres)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Each_command_of_the_platform_guide_gives_what_it_says()
    {
        Mosquitto.SkipUnlessInstalled();
        var connection = await postgres.CreateDatabaseAsync(Stop);
        var (broker, api) = (Mosquitto.FreePort(), Mosquitto.FreePort());
        var (key, hash) = ApiKey.New();
        using var scratch = new ScratchDirectory();
        await File.WriteAllTextAsync(scratch.File("bridge.json"), new JsonObject
        {
            ["broker"] = new JsonObject { ["listen"] = $"127.0.0.1:{broker}" },
            ["store"] = new JsonObject { ["kind"] = "postgres", ["connection"] = connection },
            ["http"] = new JsonObject { ["listen"] = "127.0.0.1:0" },
            ["api"] = new JsonObject { ["listen"] = $"127.0.0.1:{api}", ["keys"] = new JsonArray(new JsonObject { ["name"] = "team", ["hash"] = hash }) },
        }.ToJsonString(), Stop);
        using var bridge = Process.Start(new ProcessStartInfo(Programs.Bridge, ["run", "--config", scratch.File("bridge.json")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        bridge.OutputDataReceived += static (_, _) => { };
        bridge.ErrorDataReceived += static (_, _) => { };
        bridge.BeginOutputReadLine();
        bridge.BeginErrorReadLine();
        try
        {
            await DeliverAsync(broker);
            var database = new Npgsql.NpgsqlConnectionStringBuilder(connection);
            var environment = new Dictionary<string, string>
            {
                ["API"] = $"http://127.0.0.1:{api}", ["KEY"] = key, ["BROKER"] = "127.0.0.1", ["BROKER_PORT"] = $"{broker}",
                ["DB"] = $"postgresql://{database.Username}@{database.Host}:{database.Port}/{database.Database}",
            };
            await UntilStoredAsync(environment);
            var commands = Commands().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/platform.md"), Stop)).SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
            Assert.True(commands.Count >= 8);
            foreach (var command in commands)
            {
                var (code, output) = await RunAsync(command, environment);
                Assert.True(code == 0, $"{command} ended with {code}: {output}");
                Assert.Contains(command.Contains("/gaps", StringComparison.Ordinal) ? "missing" : command.Contains("/series", StringComparison.Ordinal) ? "lane-7.pms1.pm2_5" : "pm2_5", output, StringComparison.Ordinal);
            }
        }
        finally
        {
            bridge.Kill(entireProcessTree: true);
            await bridge.WaitForExitAsync(CancellationToken.None);
        }
    }

    // A box of now, with a hole that is still on its way.
    static async Task DeliverAsync(int broker)
    {
        var box = new TestBox("lane-7", 1, offset: TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000);
        box.AddCatalog(1);
        for (var i = 0; i < 4; i++)
            box.AddBlock(4, 1000 + (i * 5000));
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker).WithClientId("lane-7").Build();
        while (true)
            try
            {
                await client.ConnectAsync(options, Stop);
                break;
            }
            catch (MQTTnet.Exceptions.MqttCommunicationException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Stop);
            }

        using var codec = new EnvelopeCodec();
        foreach (var (first, last) in new[] { (1UL, 2UL), (4UL, 5UL) })
            await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(new Topics().Records("lane-7")).WithPayload(codec.Encode(box.Envelope(first, last, Lane.Live)).ToArray()).WithQualityOfServiceLevel(MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce).Build(), Stop);
        await client.DisconnectAsync(cancellationToken: Stop);
    }

    static async Task UntilStoredAsync(Dictionary<string, string> environment)
    {
        while ((await RunAsync("psql \"$DB\" -At -c \"SELECT count(*) FROM reading\"", environment)).Output.Trim() != "12")
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Stop);
    }

    static async Task<(int Code, string Output)> RunAsync(string command, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("bash", ["-o", "pipefail", "-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop) + await errors;
        await process.WaitForExitAsync(Stop);
        // timeout ends the feed that never ends by itself.
        return (process.ExitCode == 124 && command.StartsWith("timeout ", StringComparison.Ordinal) ? 0 : process.ExitCode, output);
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Commands();
}
