using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>
/// A backlog through a real mosquitto into the real bridge process, until the last ack; and the same rows straight into the
/// same table. The two alternate, and each begins behind a tenth as many rows that are not timed.
/// </summary>
sealed class ReplayBench(string directory, ReplayTarget target, int readings)
{
    const string MosquittoProgram = "/usr/sbin/mosquitto";
    const int Boxes = 4;
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan ReplayMax = TimeSpan.FromMinutes(5);

    readonly ReplayLoad[] fleet = ReplayLoad.Fleet(Boxes, readings);
    readonly ReplayLoad before = ReplayLoad.Of(Boxes, SampleReadings.Blocks(readings / 10 / ReplayLoad.ReadingsPerBlock, ReplayLoad.ReadingsPerBlock));
    readonly List<double> bridgeRates = [];
    readonly List<double> bareRates = [];
    readonly List<double> bridgeCpu = [];
    readonly List<double> bareCpu = [];

    public static string? WhyNot => File.Exists(MosquittoProgram) ? null : "mosquitto is not installed: apt-get install mosquitto";

    public async Task<Row> MeasureAsync(string name, int rounds, string reference, CancellationToken stop)
    {
        var perTransaction = 0;
        for (var round = 0; round < rounds; round++)
        {
            var commits = await ReplayAsync(stop);
            perTransaction = (int)((readings + commits - 1) / commits);
            var rows = await target.RowsAsync(stop);
            if (rows.Length != readings + before.Readings)
                throw new InvalidOperationException($"{readings + before.Readings} readings were sent and acked, {rows.Length} are stored.");
            await BareAsync(rows, perTransaction, stop);
        }

        var note = string.Create(CultureInfo.InvariantCulture, $"{readings:N0} readings, {Boxes} boxes, {perTransaction:N0} rows a transaction, both behind {before.Readings:N0} unmeasured ones; {reference}; medians of {rounds}, alternating; CPU a reading: bridge {Measure.Median(bridgeCpu):F2} us, reference {Measure.Median(bareCpu):F2} us");
        return new Row(name, Measure.Median(bridgeRates), "readings/s", Measure.Median(bareRates), "ratio ≥ 0.7", note);
    }

    async Task BareAsync(ReplayRow[] rows, int perTransaction, CancellationToken stop)
    {
        await using var writer = await target.OpenBareAsync(stop);
        await writer.WriteAsync(rows.AsMemory(0, before.Readings), perTransaction, stop);
        using var self = Process.GetCurrentProcess();
        var cpu = self.TotalProcessorTime;
        var started = TimeProvider.System.GetTimestamp();
        await writer.WriteAsync(rows.AsMemory(before.Readings), perTransaction, stop);
        bareRates.Add(readings / TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        self.Refresh();
        bareCpu.Add((self.TotalProcessorTime - cpu).TotalMicroseconds / readings);
    }

    async Task<long> ReplayAsync(CancellationToken stop)
    {
        var port = Loopback.FreePort();
        using var broker = await StartBrokerAsync(directory, port, stop);
        var http = Loopback.FreePort();
        var configuration = new JsonObject
        {
            ["dataDirectory"] = directory,
            ["broker"] = new JsonObject { ["kind"] = "external", ["broker"] = $"mqtt://127.0.0.1:{port}" },
            ["store"] = await target.NewDatabaseAsync(stop),
            ["http"] = new JsonObject { ["listen"] = $"127.0.0.1:{http}" },
        };
        var file = Path.Combine(directory, "edgehub-bridge.json");
        await File.WriteAllTextAsync(file, configuration.ToJsonString(), stop);
        using var bridge = Loopback.StartDaemon("edgehub-bridge", file);
        using var client = new HttpClient();
        await bridge.UntilAsync("the bridge to be ready", StartMax, () => IsReadyAsync(client, new Uri($"http://127.0.0.1:{http}/readyz"), stop), stop);
        // A bridge that has been running: what is measured is the replay, not the just-in-time compiler.
        using (var first = new ReplaySender(before, port))
        {
            await first.ConnectAsync(stop);
            await first.SendAsync(stop);
        }

        var commits = await target.CommitsAsync(stop);
        var boxes = fleet.Select(load => new ReplaySender(load, port)).ToList();
        foreach (var box in boxes)
            await box.ConnectAsync(stop);
        var cpu = bridge.Cpu;
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(boxes.Select(box => box.SendAsync(stop))).WaitAsync(ReplayMax, TimeProvider.System, stop);
        bridgeRates.Add(readings / TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        bridgeCpu.Add((bridge.Cpu - cpu).TotalMicroseconds / readings);
        boxes.ForEach(box => box.Dispose());
        return await target.CommitsAsync(stop) - commits;
    }

    // The limits of docs/mosquitto.conf; without them the broker drops what it has acknowledged.
    public static async Task<Loopback> StartBrokerAsync(string directory, int port, CancellationToken stop)
    {
        var file = Path.Combine(directory, "mosquitto.conf");
        await File.WriteAllLinesAsync(
            file,
            ["user root", $"listener {port} 127.0.0.1", "allow_anonymous true", "max_queued_messages 10000", "max_queued_bytes 671088640", "max_inflight_messages 1000", "message_size_limit 1100000"],
            stop);
        return Loopback.Start(MosquittoProgram, "-c", file);
    }

    public static async Task<bool> IsReadyAsync(HttpClient client, Uri page, CancellationToken stop)
    {
        try
        {
            using var answer = await client.GetAsync(page, stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
