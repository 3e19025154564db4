using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace EdgeHub.Tests.EndToEnd;

/// <summary>The real daemon with a second medium that is not plugged in.</summary>
[Collection("whole machine")]
public sealed class MirrorAwayTests
{
    [Fact(Timeout = 60_000)]
    public async Task With_the_second_medium_away_the_box_is_degraded_and_ready_all_the_same()
    {
        var stop = TestContext.Current.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("edgehub-away-").FullName;
        var port = FreePort();
        var config = Path.Combine(directory, "edgehub.json");
        await File.WriteAllTextAsync(config, $$"""
            { "gateway": { "id": "away-box" }, "dataDirectory": "{{directory}}/edge", "spool": { "directory": "{{directory}}/spool", "segmentBytes": "1MiB", "mirror": { "directory": "{{directory}}/not-plugged-in" } },
              "uplink": { "broker": "mqtt://127.0.0.1:1" }, "http": { "listen": "127.0.0.1:{{port}}" } }
            """, stop);
        using var daemon = Process.Start(new ProcessStartInfo(Programs.Edge, ["run", "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            using var http = new HttpClient();
            var ready = await ReadyAsync(http, port, stop);
            // Without a broker the box as a whole is not ready; its spool is.
            Assert.True(Source(ready, "spool").GetProperty("ready").GetBoolean(), ready.GetRawText());
            Assert.False(Source(ready, "uplink").GetProperty("ready").GetBoolean());
            Assert.Contains("edgehub_spool_medium_condition{medium=\"second\"} 2", await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), stop), StringComparison.Ordinal);
        }
        finally
        {
            daemon.Kill();
            await daemon.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(directory, recursive: true);
        }
    }

    static async Task<JsonElement> ReadyAsync(HttpClient http, int port, CancellationToken stop)
    {
        while (true)
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/readyz"), stop);
                using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
                return json.RootElement.Clone();
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
            }
    }

    static JsonElement Source(JsonElement report, string name) => report.GetProperty("sources").EnumerateArray().Single(source => source.GetProperty("source").GetString() == name);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
