using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Cli;
using EdgeHub.Edge.Spool;
using EdgeHub.Hosting.Status;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Hosting;
using EdgeHub.Tests.Servers;
using EdgeHub.Tests.Spool;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace EdgeHub.Tests.Bundles;

/// <summary>Records to the city by hand: the box's program and the bridge's on real spools and real databases.</summary>
public sealed class SneakernetTests(PostgresServer postgres) : IDisposable
{
    const int TimeoutMs = 120_000;
    const int Blocks = 200;
    const int Readings = Blocks * 3;

    readonly ScratchDirectory scratch = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    string Stick => Path.Combine(scratch.Path, "stick");

    string EdgeConfig => Path.Combine(scratch.Path, "edgehub.json");

    string Data => Path.Combine(scratch.Path, "box");

    public void Dispose() => scratch.Dispose();

    [Theory(Timeout = TimeoutMs)]
    [InlineData("sqlite", false)]
    [InlineData("sqlite", true)]
    [InlineData("postgres", false)]
    public async Task What_waits_is_carried_stored_once_and_released_by_the_receipt(string store, bool besideTheDaemon)
    {
        Record();
        var city = await ConfigureAsync(store);
        using var daemon = besideTheDaemon ? EdgeProcess.Start(scratch.Path, null, "run", "--config", EdgeConfig) : null;
        if (besideTheDaemon)
            await WaitingAsync(waiting => waiting == Readings);
        AssertCode(0, await EdgeAsync("export", "--to", Stick));
        // The envelope by the line and the envelope by hand may both arrive, in any order and more than once.
        TestContext.Current.TestOutputHelper?.WriteLine(AssertCode(0, await BridgeAsync("import", Stick)).Output);
        var (_, again, _) = AssertCode(0, await BridgeAsync("import", Stick));
        Assert.Contains(" 0 readings are new", again, StringComparison.Ordinal);
        Assert.Equal(Readings, await CountAsync(city));
        Assert.Contains("Released ", AssertCode(0, await EdgeAsync("import-receipt", Stick)).Output, StringComparison.Ordinal);
        Assert.Contains("Released 0 records", AssertCode(0, await EdgeAsync("import-receipt", Stick)).Output, StringComparison.Ordinal);
        Assert.Contains("nothing to carry", AssertCode(0, await EdgeAsync("export", "--to", Stick + "2")).Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Stick + "2"));
        if (daemon is not null)
        {
            await WaitingAsync(waiting => waiting == 0);
            daemon.Stop();
            AssertCode(0, await daemon.ExitAsync(Stop));
        }

        using var disk = new PosixDisk(Path.Combine(Data, "spool"));
        using var spools = new SpoolLab(disk, seed: 9).Open();
        Assert.All(spools.Views(), view => Assert.Empty(view.Waiting));
        // A range may be asked for that the city has; the history is still here.
        Assert.True(spools.Held(spools.Views()[0].Id).ContainsAll(new NumberRange(1, spools.Views()[0].Head)));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_range_of_one_spool_is_carried_although_the_city_has_it_and_what_is_gone_is_counted()
    {
        Record();
        await ConfigureAsync("sqlite");
        string spool;
        using (var disk = new PosixDisk(Path.Combine(Data, "spool")))
        using (var spools = new SpoolLab(disk, seed: 9).Open())
        {
            var view = spools.Views().Single(view => view.Class == SpoolClass.Normal);
            spool = view.Id.ToString();
            Assert.True(SpoolLab.Ack(spools, view.Id, 1, view.Head).IsReleased);
        }

        var (_, output, _) = AssertCode(0, await EdgeAsync("export", "--to", Stick, "--spool", spool, "--first", "1", "--last", "50"));
        Assert.StartsWith("50 records of 1 spools", output, StringComparison.Ordinal);
        AssertCode(0, await BridgeAsync("import", Stick));
        var (_, timed, _) = AssertCode(0, await EdgeAsync("export", "--to", Stick + "2", "--since", "2026-01-01T00:00Z"));
        Assert.DoesNotContain("nothing", timed, StringComparison.Ordinal);
        AssertCode(2, await EdgeAsync("export", "--to", Stick + "3", "--first", "1"));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_changed_bundle_stores_nothing_and_a_receipt_of_another_store_or_box_releases_nothing()
    {
        Record();
        var city = await ConfigureAsync("sqlite");
        AssertCode(0, await EdgeAsync("export", "--to", Stick));
        var last = Directory.EnumerateFiles(Stick, "*.envelope").Order(StringComparer.Ordinal).Last();
        var bytes = await File.ReadAllBytesAsync(last, Stop);
        await File.WriteAllBytesAsync(last, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)], Stop);
        Assert.Contains("Tampered: ", AssertCode(1, await BridgeAsync("import", Stick)).Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Stick, "receipt.json")));
        Assert.Equal(0, await CountAsync(city));
        await File.WriteAllBytesAsync(last, bytes, Stop);
        AssertCode(0, await BridgeAsync("import", Stick));

        await File.WriteAllTextAsync(Path.Combine(Data, "store-id"), "another-city\n", Stop);
        Assert.Contains("bound to another-city", AssertCode(1, await EdgeAsync("import-receipt", Stick)).Errors, StringComparison.Ordinal);
        File.Delete(Path.Combine(Data, "store-id"));
        await File.WriteAllTextAsync(EdgeConfig, (await File.ReadAllTextAsync(EdgeConfig, Stop)).Replace("box-1", "box-2", StringComparison.Ordinal), Stop);
        Assert.Contains("Foreign: ", AssertCode(1, await EdgeAsync("import-receipt", Stick)).Errors, StringComparison.Ordinal);
        using var disk = new PosixDisk(Path.Combine(Data, "spool"));
        using var spools = new SpoolLab(disk, seed: 9).Open();
        Assert.Contains(spools.Views(), view => view.Waiting.Count > 0);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task While_another_process_holds_the_spool_it_is_named()
    {
        Record();
        await ConfigureAsync("sqlite");
        using (SpoolLock.Take(Path.Combine(Data, "spool"), "edgehub run, process 4711"))
        {
            Assert.Contains("is held by edgehub run, process 4711", AssertCode(1, await EdgeAsync("export", "--to", Stick)).Errors, StringComparison.Ordinal);
            Assert.Contains("is held by edgehub run, process 4711", AssertCode(1, await EdgeAsync("run")).Errors, StringComparison.Ordinal);
        }
    }

    // A box that has recorded and was never connected.
    void Record()
    {
        using var disk = new PosixDisk(Path.Combine(Data, "spool"));
        // The programs go by the true clock: what an older one dated would be history that is too old.
        using var spools = new SpoolLab(disk) { Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow()) }.Open();
        for (var i = 0; i < Blocks; i++)
            Assert.True(spools.Append([Block(i, i % 10 == 0 ? SpoolClass.Urgent : SpoolClass.Normal)]));
    }

    static Draft Block(int i, SpoolClass spoolClass) => Draft.OfReadings(
        spoolClass,
        Enumerable.Range(0, 3).Select(k => new Reading(spoolClass == SpoolClass.Urgent ? 1 : 0, 1000 + (i * 10) + k, (i * 10) + k, Quality.Good)).ToArray(),
        new BlockClock(7, 1_790_000_000_000, ClockQuality.Ntp));

    async Task<string> ConfigureAsync(string store)
    {
        var city = store == "sqlite" ? Path.Combine(scratch.Path, "city.db") : await postgres.CreateDatabaseAsync(Stop);
        JsonObject edge = new()
        {
            ["gateway"] = new JsonObject { ["id"] = "box-1" },
            ["dataDirectory"] = Data,
            ["uplink"] = new JsonObject { ["broker"] = $"mqtt://127.0.0.1:{Mosquitto.FreePort()}" },
            ["http"] = new JsonObject { ["listen"] = "127.0.0.1:0" },
        };
        JsonObject bridge = new()
        {
            ["dataDirectory"] = Path.Combine(scratch.Path, "bridge"),
            ["store"] = store == "sqlite" ? new JsonObject { ["kind"] = store, ["file"] = city } : new JsonObject { ["kind"] = store, ["connection"] = city },
        };
        await File.WriteAllTextAsync(EdgeConfig, edge.ToJsonString(), Stop);
        await File.WriteAllTextAsync(Path.Combine(scratch.Path, "bridge.json"), bridge.ToJsonString(), Stop);
        return city;
    }

    async Task<(int Code, string Output, string Errors)> EdgeAsync(params string[] arguments)
    {
        using var process = EdgeProcess.Start(scratch.Path, null, [.. arguments, "--config", EdgeConfig]);
        return await process.ExitAsync(Stop);
    }

    async Task<(int Code, string Output, string Errors)> BridgeAsync(params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var code = await new BridgeCommandLine(new Dictionary<string, string>(), TimeProvider.System, TextReader.Null, output, errors).RunAsync([.. arguments, "--config", Path.Combine(scratch.Path, "bridge.json")]);
        return (code, output.ToString(), errors.ToString());
    }

    async Task WaitingAsync(Func<long, bool> wanted)
    {
        while (true)
        {
            var (report, _) = await StatusClient.AskAsync(Path.Combine(Data, "run", "edgehub.sock"), Stop);
            if (report is not null && wanted(report.Spool.WaitingReadings))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        }
    }

    static (int Code, string Output, string Errors) AssertCode(int code, (int Code, string Output, string Errors) ended)
    {
        Assert.True(code == ended.Code, $"{ended.Code}: {ended.Output}{ended.Errors}");
        return ended;
    }

    static async Task<long> CountAsync(string city)
    {
        await using System.Data.Common.DbConnection connection = city.EndsWith(".db", StringComparison.Ordinal) ? new SqliteConnection($"Data Source={city};Pooling=false") : new NpgsqlConnection(city);
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from reading";
        return Convert.ToInt64(await command.ExecuteScalarAsync(Stop), System.Globalization.CultureInfo.InvariantCulture);
    }
}
