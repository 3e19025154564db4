using System.Buffers.Binary;
using System.Diagnostics;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Outgoing;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Tls;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Hosting;
using EdgeHub.Tests.Sensors;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeHub.Tests.EndToEnd;

/// <summary>The real daemon on a box that wakes in 1970, behind TLS, with a sensor on a real line: wall time is shifted under it by a shim.</summary>
[Collection("whole machine")]
public sealed class WrongClockTests : IDisposable
{
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(75);

    static readonly string[] Compilers = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"];

    readonly ScratchDirectory scratch = new();
    readonly TestAuthority authority = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        authority.Dispose();
        scratch.Dispose();
    }

    [Fact(Timeout = 240_000)]
    public async Task A_box_that_wakes_in_1970_behind_TLS_holds_names_the_clock_and_its_readings_end_with_the_right_time()
    {
        var shim = await BuildShimAsync();
        var clock = scratch.File("clock");
        var begun = TimeProvider.System.GetUtcNow();
        await ShiftAsync(clock, 60 - begun.ToUnixTimeSeconds());
        var (certificate, key) = authority.Issue("127.0.0.1");
        await using var store = await SqliteStore.OpenAsync(scratch.File("city.db"), Stop);
        var port = Mosquitto.FreePort();
        await using var broker = new EmbeddedBroker(new BrokerOptions { Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port), Tls = new TlsFiles(null, certificate, key) }, new Topics(), new RetainedKeeper(store), NullLogger<EmbeddedBroker>.Instance);
        using var receiver = new Receiver(broker, new Committer(store, TimeProvider.System, NullLogger<Committer>.Instance), new Topics(), new IntakeOptions(), new Watchdog(TimeProvider.System), TimeProvider.System, NullLogger<Receiver>.Instance);
        await receiver.StartAsync(Stop);
        await broker.StartAsync(Stop);
        using var line = new Pty(scratch.File("ttyPMS"));
        line.Plug();
        var config = scratch.File("edgehub.json");
        await File.WriteAllTextAsync(config, $$"""
            { "gateway": { "id": "gw-1970" },
              "sensors": [ { "id": "air", "driver": "pms5003", "port": "serial:{{scratch.File("ttyPMS")}}?baud=9600" } ],
              "uplink": { "broker": "mqtts://127.0.0.1:{{port}}", "caFile": "{{authority.CaFile}}", "statusInterval": "1s" } }
            """, Stop);
        using var box = EdgeProcess.Start(Path.GetDirectoryName(config)!, new Dictionary<string, string> { ["LD_PRELOAD"] = shim, ["EDGEHUB_TEST_CLOCK"] = clock }, "run", "--config", config);
        await UntilAsync(async () =>
        {
            line.Send(Frame());
            using var asked = EdgeProcess.Start(Path.GetDirectoryName(config)!, null, "status");
            var (_, output, _) = await asked.ExitAsync(Stop);
            return output.Contains("The clock of this box is not right yet", StringComparison.Ordinal) && System.Text.RegularExpressions.Regex.IsMatch(output, @"waiting\s+[1-9]");
        }, StateAsync);
        Assert.Equal(0, await RowsAsync(store, "1=1"));

        var right = TimeProvider.System.GetUtcNow();
        await ShiftAsync(clock, 0);
        await UntilAsync(async () =>
        {
            line.Send(Frame());
            return await CountAsync(store, "clock_fix WHERE source > 0") == 1 && await CountAsync(store, "parked") == 0 && await RowsAsync(store, $"time_ms > {right.ToUnixTimeMilliseconds()}") > 0;
        }, StateAsync);
        Assert.Equal(0, await RowsAsync(store, $"time_ms < {begun.ToUnixTimeMilliseconds()} OR time_ms > {TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 1000}"));
        Assert.Equal(0, await RowsAsync(store, "quality = 66"));
        box.Stop();
        var (code, said, errors) = await box.ExitAsync(Stop);
        Assert.Equal(0, code);
        async Task<string> StateAsync()
        {
            using var asked = EdgeProcess.Start(Path.GetDirectoryName(config)!, null, "status");
            var (_, output, _) = await asked.ExitAsync(Stop);
            return $"{output}\nrows {await RowsAsync(store, "1=1")}, parked {await CountAsync(store, "parked")}, clocks {await CountAsync(store, "clock_fix")}";
        }

        Assert.Contains("Wall time jumped by +", said + errors, StringComparison.Ordinal);
        await receiver.StopAsync(Stop);
        // What was recorded in 1970 is there, with the right time.
        Assert.True(await RowsAsync(store, $"time_ms < {right.ToUnixTimeMilliseconds()}") >= 12);
    }

    async Task<string> BuildShimAsync()
    {
        var compiler = Compilers.FirstOrDefault(File.Exists);
        Assert.SkipUnless(compiler is not null, "This test needs a C compiler: install the Debian package gcc or clang.");
        var shim = scratch.File("clock-shim.so");
        using var process = Process.Start(new ProcessStartInfo(compiler!, ["-shared", "-fPIC", "-O1", "-o", shim, Path.Combine(Repository.Root, "tests", "EdgeHub.Tests", "EndToEnd", "clock-shim.c")]))!;
        await process.WaitForExitAsync(Stop);
        Assert.Equal(0, process.ExitCode);
        return shim;
    }

    // Written in place: the daemon has the file mapped.
    static async Task ShiftAsync(string file, long seconds)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seconds);
        await using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        await stream.WriteAsync(bytes, Stop);
    }

    // PMS5003 datasheet, appendix I: 42 4D, length 28, thirteen words, sum of all bytes before.
    static byte[] Frame()
    {
        var frame = new byte[32];
        (frame[0], frame[1], frame[3]) = (0x42, 0x4D, 28);
        for (var word = 0; word < 13; word++)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4 + (2 * word)), (ushort)(word < 12 ? 5 + word : 0x9700));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(30), (ushort)frame.AsSpan(0, 30).ToArray().Sum(one => one));
        return frame;
    }

    static Task<long> RowsAsync(SqliteStore store, string where) => CountAsync(store, $"reading WHERE {where}");

    static async Task<long> CountAsync(SqliteStore store, string what)
    {
        await using var transaction = await store.BeginAsync(Stop);
        return await transaction.NumberAsync($"SELECT count(*) FROM {what}", Stop) ?? 0;
    }

    static async Task UntilAsync(Func<Task<bool>> condition, Func<Task<string>> state)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < WaitMax, await state());
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Stop);
        }
    }
}
