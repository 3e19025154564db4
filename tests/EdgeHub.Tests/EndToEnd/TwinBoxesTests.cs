using System.Diagnostics;
using EdgeHub.DeviceSims.Demo;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;
using Microsoft.Data.Sqlite;

namespace EdgeHub.Tests.EndToEnd;

/// <summary>Somebody copied a card: two real daemons with one gateway id at a real mosquitto, and the city's real bridge.</summary>
[Collection("whole machine")]
public sealed class TwinBoxesTests : IDisposable
{
    const string Gateway = "copied-box";

    /// <summary>A wait after a take-over is at least half of its longest.</summary>
    const int TakeOverWaitSeconds = 10;

    readonly ScratchDirectory scratch = new();
    readonly List<Process> programs = [];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        // All of them first: a test that ran out of time is not waited for.
        foreach (var program in programs)
            program.Kill();
        foreach (var program in programs)
        {
            program.WaitForExit();
            program.Dispose();
        }

        scratch.Dispose();
    }

    [Fact(Timeout = 180_000)]
    public async Task Two_boxes_with_one_id_are_named_by_both_boxes_and_by_the_city_back_off_and_their_data_stays_apart()
    {
        await using var mosquitto = await Mosquitto.StartOpenAsync(Stop);
        var sims = Directory.CreateDirectory(scratch.File("sims")).FullName;
        await Start(Programs.Sims, "run", "--dir", sims, "--stop-with-stdin").StandardOutput.ReadLineAsync(Stop);
        Start(Programs.Bridge, "run", "--config", await BridgeAsync(mosquitto.Port));
        Start(Programs.Edge, "run", "--config", await BoxAsync("one", mosquitto.Port, $$"""{ "id": "pms1", "driver": "pms5003", "port": "serial:{{sims}}/ttyPM0?baud=9600" }"""));
        Start(Programs.Edge, "run", "--config", await BoxAsync("two", mosquitto.Port, $$"""{ "id": "weather1", "driver": "modbus", "port": "serial:{{sims}}/ttyBUS0?baud=9600", "address": 1, "profile": "weather-station" }"""));
        using var one = new EdgeProbe(scratch.File("one/run/edgehub.sock"));
        using var two = new EdgeProbe(scratch.File("two/run/edgehub.sock"));
        foreach (var box in new[] { one, two })
            await UntilAsync(async () => await box.ReadAsync() is { } view && view.State.Contains("two boxes have one gateway id", StringComparison.Ordinal));
        await UntilAsync(async () => await CountAsync("SELECT count(*) FROM event WHERE kind = 'twin-gateway'") > 0);

        // This mosquitto gives no reason for an end: the city's word is what both go by, once each has had a turn.
        foreach (var box in new[] { one, two })
            await UntilAsync(async () => await box.ReadAsync() is { } view && view.State.Contains("The city sees that two boxes", StringComparison.Ordinal));
        var welcomes = Welcomes(mosquitto);
        await Task.Delay(TimeSpan.FromSeconds((2 * TakeOverWaitSeconds) - 1), TimeProvider.System, Stop);
        // In less than two waits no box is let in three times; without waits each comes back within two seconds.
        Assert.InRange(Welcomes(mosquitto) - welcomes, 1, 2 * 2);

        // Both still deliver in turns, and each spool's readings are those of its own box.
        var both = await CountAsync("SELECT count(*) FROM reading");
        await UntilAsync(async () => await CountAsync("SELECT count(*) FROM reading WHERE sensor = 'pms1'") > 100 && await CountAsync("SELECT count(*) FROM reading WHERE sensor = 'weather1'") > 100 && await CountAsync("SELECT count(*) FROM reading") > both);
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM (SELECT spool FROM reading GROUP BY spool HAVING count(DISTINCT sensor) > 1)"));
        Assert.Equal(2, await CountAsync("SELECT count(DISTINCT spool) FROM reading"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM event WHERE kind = 'equivocation'"));
    }

    static int Welcomes(Mosquitto broker) => broker.Log.Split('\n').Count(line => line.Contains("New client connected", StringComparison.Ordinal) && line.Contains($" as {Gateway} ", StringComparison.Ordinal));

    async Task<string> BridgeAsync(int port)
    {
        var file = scratch.File("edgehub-bridge.json");
        await File.WriteAllTextAsync(file, $$"""
            { "dataDirectory": "{{scratch.File("bridge")}}", "broker": { "kind": "external", "broker": "mqtt://127.0.0.1:{{port}}", "reconnectMax": "1s" },
              "store": { "kind": "sqlite", "file": "{{scratch.File("city.db")}}" }, "http": { "listen": "127.0.0.1:0" } }
            """, Stop);
        return file;
    }

    async Task<string> BoxAsync(string name, int port, string sensor)
    {
        var file = scratch.File(name + ".json");
        await File.WriteAllTextAsync(file, $$"""
            { "gateway": { "id": "{{Gateway}}" }, "dataDirectory": "{{scratch.File(name)}}", "sensors": [ {{sensor}} ],
              "uplink": { "broker": "mqtt://127.0.0.1:{{port}}", "reconnectDelayMax": "2s", "takeOverDelayMax": "{{2 * TakeOverWaitSeconds}}s", "ackTimeout": "2s" }, "http": { "listen": "127.0.0.1:0" } }
            """, Stop);
        return file;
    }

    async Task<long> CountAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={scratch.File("city.db")};Mode=ReadOnly;Pooling=False");
        try
        {
            await connection.OpenAsync(Stop);
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
            command.CommandText = sql;
#pragma warning restore CA2100
            return (long)(await command.ExecuteScalarAsync(Stop))!;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 1 or 5 or 14)
        {
            // No file, no table yet, or the bridge is writing.
            return -1;
        }
    }

    Process Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        programs.Add(process);
        return process;
    }

    static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Stop);
    }
}
