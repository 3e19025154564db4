using System.Globalization;
using System.Text.Json.Nodes;
using EdgeHub.Benchmarks.Replay;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Benchmarks.City;

/// <summary>
/// Live blocks of 120 readings, an envelope each, through a real mosquitto into the real bridge with PostgreSQL beside it, until the acks; first as fast as they
/// go, sustained; then at half of that rate, for the latency. The reference is bare COPY of the same rows, as many a transaction.
/// </summary>
static class BridgeRows
{
    const int Boxes = 4;
    const int ReadingsPerBlock = 120;
    const int ReadingsPerRound = 240_000;
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan RoundMax = TimeSpan.FromMinutes(5);

    public static readonly string[] Names = ["bridge.postgres.live", "bridge.cpu_s_per_million", "bridge.ack_ms_p99", "bridge.rss_mb"];

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Effort effort, CancellationToken stop)
    {
        if ((ReplayBench.WhyNot ?? PostgresProcess.WhyNot) is { } why)
            return [.. Names.Select(name => Row.Missing(name, "", why))];
        var directory = Directory.CreateTempSubdirectory("edgehub-bench-bridge-").FullName;
        var server = new PostgresProcess();
        await using var target = new PostgresTarget(server);
        try
        {
            await server.StartAsync(stop);
            return await MeasureAsync(directory, server, target, effort, stop);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    static async Task<IReadOnlyList<Row>> MeasureAsync(string directory, PostgresProcess server, PostgresTarget target, Effort effort, CancellationToken stop)
    {
        var sustained = effort.Quick ? TimeSpan.FromSeconds(10) : TimeSpan.FromMinutes(5);
        var port = Loopback.FreePort();
        using var broker = await ReplayBench.StartBrokerAsync(directory, port, stop);
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
        await bridge.UntilAsync("the bridge to be ready", StartMax, () => ReplayBench.IsReadyAsync(client, new Uri($"http://127.0.0.1:{http}/readyz"), stop), stop);
        var spool = 0;
        await RoundAsync(port, ref spool, default, stop);

        var (commits, cpu, postgresCpu) = (await target.CommitsAsync(stop), bridge.Cpu, server.Cpu());
        var (elapsed, readings) = (TimeSpan.Zero, 0L);
        while (elapsed < sustained)
        {
            elapsed += (await RoundAsync(port, ref spool, default, stop)).Elapsed;
            readings += ReadingsPerRound;
        }

        var rate = readings / elapsed.TotalSeconds;
        var perTransaction = (int)(readings / Math.Max(await target.CommitsAsync(stop) - commits, 1)) + 1;
        var (bridgeCpu, databaseCpu) = ((bridge.Cpu - cpu).TotalSeconds * 1e6 / readings, (server.Cpu() - postgresCpu).TotalSeconds * 1e6 / readings);
        var pace = TimeSpan.FromSeconds(ReadingsPerBlock * Boxes / (rate / 2));
        var acks = (await RoundAsync(port, ref spool, pace, stop)).AckMs;
        var memory = bridge.Resident().All;

        var bare = await BareAsync(target, await target.RowsAsync(stop), perTransaction, stop);
        var note = string.Create(CultureInfo.InvariantCulture, $"{(effort.Quick ? "QUICK: " : "")}{readings:N0} readings in {elapsed.TotalSeconds:F0} s, {Boxes} boxes, {ReadingsPerBlock} readings a block and envelope, {perTransaction:N0} rows a transaction, all on this machine");
        return
        [
            new Row(Names[0], rate, "readings/s", bare, "ratio ≥ 0.8", $"{note}; reference: bare binary COPY"),
            new Row(Names[1], bridgeCpu + databaseCpu, "s", 8, "≤ 8", string.Create(CultureInfo.InvariantCulture, $"bridge {bridgeCpu:F1}, PostgreSQL {databaseCpu:F1}, city topics included; reference: the target")),
            new Row(Names[2], acks.Order().ElementAt((int)(acks.Count * 0.99)), "ms", 500, "< 500", $"{acks.Count} envelopes at half of the rate; reference: the target"),
            new Row(Names[3], memory, "MB", 150, "≤ 150", "resident, after all of it; reference: the target"),
        ];
    }

    static Task<(TimeSpan Elapsed, List<double> AckMs)> RoundAsync(int port, ref int spool, TimeSpan pace, CancellationToken stop)
    {
        var blocks = SampleReadings.Blocks(ReadingsPerRound / ReadingsPerBlock, ReadingsPerBlock);
        var first = spool;
        spool += Boxes;
        var loads = Enumerable.Range(0, Boxes).Select(i => ReplayLoad.Of(first + i, [.. blocks.Skip(i * blocks.Length / Boxes).Take(blocks.Length / Boxes)], Lane.Live, envelopeBytesMax: 0)).ToArray();
        return SendAsync(loads, port, pace, stop);
    }

    static async Task<(TimeSpan Elapsed, List<double> AckMs)> SendAsync(ReplayLoad[] loads, int port, TimeSpan pace, CancellationToken stop)
    {
        var boxes = loads.Select(load => new ReplaySender(load, port)).ToList();
        foreach (var box in boxes)
            await box.ConnectAsync(stop);
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(boxes.Select(box => box.SendAsync(stop, pace))).WaitAsync(RoundMax, TimeProvider.System, stop);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        var acks = boxes.SelectMany(box => box.AckMs).ToList();
        boxes.ForEach(box => box.Dispose());
        return (elapsed, acks);
    }

    static async Task<double> BareAsync(PostgresTarget target, ReplayRow[] rows, int perTransaction, CancellationToken stop)
    {
        await using var writer = await target.OpenBareAsync(stop);
        var count = Math.Min(rows.Length, 1_000_000);
        await writer.WriteAsync(rows.AsMemory(0, count / 10), perTransaction, stop);
        var started = TimeProvider.System.GetTimestamp();
        await writer.WriteAsync(rows.AsMemory(count / 10, count - (count / 10)), perTransaction, stop);
        return (count - (count / 10)) / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }
}
