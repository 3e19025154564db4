using EdgeHub.CloudBridge.Cli;

namespace EdgeHub.Tests.Hosting;

public sealed class BridgeCommandTests : IDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("edgehub-bridge-cli-");

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task Check_accepts_the_example_when_its_secrets_are_in_place()
    {
        foreach (var name in new[] { "mqtt-password", "postgres-password", "city-ca.pem" })
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, name), "fish-4711", Token);
        var (code, output, errors) = await CheckAsync((await ExampleAsync()).Replace("/etc/edgehub-bridge", directory.FullName, StringComparison.Ordinal));

        Assert.True(code == 0, errors);
        Assert.Contains("mqtts://broker.city.example:8883", output, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL", output, StringComparison.Ordinal);
        Assert.DoesNotContain("fish-4711", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Check_names_each_secret_of_the_example_that_is_missing()
    {
        var (code, _, errors) = await CheckAsync((await ExampleAsync()).Replace("/etc/edgehub-bridge", directory.FullName, StringComparison.Ordinal));

        Assert.Equal(2, code);
        foreach (var key in new[] { "broker.passwordFile", "broker.caFile", "store.passwordFile", "store.caFile" })
            Assert.Contains($"  {key} = ", errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Five_mistakes_in_five_rooms_are_named_at_once_with_key_value_reason_and_fix()
    {
        var (code, output, errors) = await CheckAsync("""
            {
              "prefix": "edgehub/#",
              "broker": { "kind": "embedded", "listen": "0.0.0.0:1883" },
              "store": { "kind": "oracle" },
              "intake": { "linger": "soon" },
              "publish": { "prefix": "city/+" }
            }
            """);

        Assert.Equal(2, code);
        Assert.Empty(output);
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith(": 5 errors", lines[0], StringComparison.Ordinal);
        foreach (var mistake in new[] { "prefix = edgehub/#", "broker.listen = 0.0.0.0:1883", "store.kind = oracle", "intake.linger = soon", "publish.prefix = city/+" })
        {
            var at = Array.FindIndex(lines, line => line.Trim() == mistake);
            Assert.True(at > 0, $"{mistake} is not named in: {errors}");
            Assert.Matches("^    why: .{10,}", lines[at + 1]);
            Assert.Matches("^    fix: .{10,}", lines[at + 2]);
        }
    }

    static Task<string> ExampleAsync() => File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/examples/edgehub-bridge.json"), Token);

    async Task<(int Code, string Output, string Errors)> CheckAsync(string configuration)
    {
        var file = Path.Combine(directory.FullName, "edgehub-bridge.json");
        await File.WriteAllTextAsync(file, configuration, Token);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var environment = new Dictionary<string, string> { ["STATE_DIRECTORY"] = directory.FullName };
        var code = await new BridgeCommandLine(environment, TimeProvider.System, TextReader.Null, output, errors).RunAsync(["check", "--config", file]);
        return (code, output.ToString(), errors.ToString());
    }
}
