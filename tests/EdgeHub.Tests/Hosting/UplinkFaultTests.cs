using EdgeHub.Tests.Servers;

namespace EdgeHub.Tests.Hosting;

/// <summary>What the technician reads from the real daemon when its uplink is at fault, and what the city reads when the daemon dies.</summary>
public sealed class UplinkFaultTests : IDisposable
{
    const int TimeoutMs = 90_000;
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(40);

    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("edgehub-fault-");

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact(Timeout = TimeoutMs)]
    public async Task A_refused_login_is_the_status_sentence_without_the_password()
    {
        await using var broker = await Mosquitto.StartAsync(folder => Mosquitto.Users(folder, ("box", "right")), Stop);
        var password = Path.Combine(directory.FullName, "password");
        await File.WriteAllTextAsync(password, "hush-hush\n", Stop);
        using var daemon = await StartAsync($$"""{ "broker": "mqtt://127.0.0.1:{{broker.Port}}", "user": "box", "passwordFile": "{{password}}" }""");
        var status = await UntilStatusAsync("refuses the login of box");
        Assert.Contains("uplink.passwordFile", status, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", status, StringComparison.Ordinal);
        daemon.Stop();
        var (_, output, errors) = await daemon.ExitAsync(Stop);
        Assert.DoesNotContain("hush-hush", output + errors, StringComparison.Ordinal);
        Assert.Contains("refuses the login of box", output + errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_certificate_of_an_unknown_authority_is_the_status_sentence()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("Somebody else");
        var (certificate, key) = stranger.Issue("127.0.0.1");
        await using var broker = await Mosquitto.StartAsync(_ => ["allow_anonymous true", $"certfile {certificate}", $"keyfile {key}"], Stop);
        using var daemon = await StartAsync($$"""{ "broker": "mqtts://127.0.0.1:{{broker.Port}}", "caFile": "{{authority.CaFile}}" }""");
        Assert.Contains("Set caFile", await UntilStatusAsync("comes from Somebody else, which is not trusted here"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task The_last_will_of_a_killed_daemon_says_offline_and_stays()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        using (await StartAsync($$"""{ "broker": "mqtt://127.0.0.1:{{broker.Port}}", "statusInterval": "1s" }"""))
            await UntilRetainedAsync(broker.Port, "\"status\":\"online\"");
        // Dispose was a kill -9: only the broker can say it now.
        await UntilRetainedAsync(broker.Port, "\"status\":\"offline\"");
    }

    async Task<EdgeProcess> StartAsync(string uplink)
    {
        var file = Path.Combine(directory.FullName, "edgehub.json");
        await File.WriteAllTextAsync(file, $$"""{ "gateway": { "id": "gw-1" }, "uplink": {{uplink}} }""", Stop);
        return EdgeProcess.Start(directory.FullName, null, "run", "--config", file);
    }

    async Task<string> UntilStatusAsync(string part)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var asked = EdgeProcess.Start(directory.FullName, null, "status");
            var (code, output, errors) = await asked.ExitAsync(Stop);
            if (output.Contains(part, StringComparison.Ordinal))
            {
                Assert.Equal(1, code);
                return output;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(begun) < WaitMax, $"{code}: {output}{errors}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Stop);
        }
    }

    // A new subscriber gets what is retained, and nothing else proves that it is.
    static async Task UntilRetainedAsync(int port, string part)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await using var city = await Uplink.TestBridge.StartAsync(port, "gw-1", Stop);
            for (var i = 0; i < 20 && !city.Retained.ContainsKey("status"); i++)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
            if (city.Retained.TryGetValue("status", out var status) && status.Contains(part, StringComparison.Ordinal))
                return;
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < WaitMax, $"Never came: {part}. Retained is: {status}");
        }
    }
}
