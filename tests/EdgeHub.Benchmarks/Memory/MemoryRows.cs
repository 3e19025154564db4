using System.Globalization;

namespace EdgeHub.Benchmarks.Memory;

/// <summary>
/// Memory of the real edge daemon with a backlog and no broker. A process of its own fills the spool first; the daemon opens
/// it, as it does after a restart in the middle of a long outage.
/// </summary>
static class MemoryRows
{
    const int Million = 1_000_000;
    const int Samples = 5;
    static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    public static readonly string[] Names = ["edge.rss_anon_mb_1m_waiting", "edge.rss_mb_1m_waiting", "edge.rss_anon_mb_3m_waiting", "edge.rss_mb_3m_waiting"];

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Effort effort, CancellationToken stop)
    {
        // Memory, where there is some: filling a million readings needs 50,000 syncs, and a daemon's own pages are the same.
        var scratch = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"edgehub-bench-{Environment.ProcessId}")).FullName;
        try
        {
            var note = $"real daemon, backlog of {SampleReadings.Streams} readings a block, broker away; median of {Samples} samples after {Settle.TotalSeconds:F0} s";
            await FillAsync(scratch, effort.Of(Million), stop);
            var (anonymous, all) = await ResidentAsync(scratch, effort.Of(Million), stop);
            await FillAsync(scratch, 2 * effort.Of(Million), stop);
            var (anonymous3, all3) = await ResidentAsync(scratch, 3 * effort.Of(Million), stop);
            if (effort.Quick)
                note = "QUICK: a tenth of the readings; " + note;
            return
            [
                new Row(Names[0], anonymous, "MB", null, "≤ 45", note),
                new Row(Names[1], all, "MB", null, "≤ 120", note),
                new Row(Names[2], anonymous3, "MB", anonymous, "≤ 45, ratio 1", $"{note}; reference: 1 M waiting"),
                new Row(Names[3], all3, "MB", all, "≤ 120, ratio 1", $"{note}; reference: 1 M waiting"),
            ];
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    static async Task FillAsync(string scratch, int readings, CancellationToken stop)
    {
        using var filler = Loopback.Start(Environment.ProcessPath!, "fill", Path.Combine(scratch, "spool"), readings.ToString(CultureInfo.InvariantCulture));
        if (await filler.WaitAsync(stop) != 0)
            throw new InvalidOperationException($"The spool was not filled: {filler.Log}");
    }

    static async Task<(double Anonymous, double All)> ResidentAsync(string scratch, long waiting, CancellationToken stop)
    {
        var http = Loopback.FreePort();
        var configuration = Path.Combine(scratch, "edgehub.json");
        await File.WriteAllTextAsync(
            configuration,
            $$"""{ "gateway": { "id": "bench" }, "dataDirectory": "{{scratch}}", "uplink": { "broker": "mqtt://127.0.0.1:{{Loopback.FreePort()}}" }, "http": { "listen": "127.0.0.1:{{http}}" } }""",
            stop);
        using var daemon = Loopback.StartDaemon("edgehub", configuration);
        using var client = new HttpClient();
        var metrics = new Uri($"http://127.0.0.1:{http}/metrics");
        // It counts only when the daemon itself says that all of them wait.
        await daemon.UntilAsync($"the edge daemon to say that {waiting} readings wait", StartMax, async () => (await PageAsync(client, metrics, stop))
            .Split('\n').Any(line => line.Contains("spool_waiting_readings", StringComparison.Ordinal) && line.EndsWith(string.Create(CultureInfo.InvariantCulture, $" {waiting}"), StringComparison.Ordinal)), stop);
        await Task.Delay(Settle, TimeProvider.System, stop);
        var samples = new List<(double Anonymous, double All)>();
        for (var i = 0; i < Samples; i++)
        {
            samples.Add(daemon.Resident());
            await Task.Delay(Between, TimeProvider.System, stop);
        }

        return (Measure.Median(samples.Select(sample => sample.Anonymous)), Measure.Median(samples.Select(sample => sample.All)));
    }

    static async Task<string> PageAsync(HttpClient client, Uri page, CancellationToken stop)
    {
        try
        {
            return await client.GetStringAsync(page, stop);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }
}
