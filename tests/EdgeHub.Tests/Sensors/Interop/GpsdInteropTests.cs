using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EdgeHub.Edge.Sensors;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;

namespace EdgeHub.Tests.Sensors.Interop;

/// <summary>Our reader of satellite receivers beside gpsd, over the same sentences.</summary>
public sealed class GpsdInteropTests : IDisposable
{
    const string Gpsd = "/usr/sbin/gpsd";

    readonly ScratchDirectory directory = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("GP", 'N', 'E')]
    [InlineData("GN", 'S', 'W')]
    [InlineData("GL", 'N', 'W')]
    [InlineData("GA", 'S', 'E')]
    [InlineData("GB", 'N', 'E')]
    [InlineData("BD", 'N', 'E')]
    public async Task Gpsd_reads_the_same_place_speed_and_time(string talker, char northSouth, char eastWest)
    {
        Assert.SkipUnless(File.Exists(Gpsd), "This test reads beside gpsd: install the Debian package gpsd.");
        using var ours = new Pty(directory.File("ours"));
        using var theirs = new Pty(directory.File("theirs"));
        var times = new ConcurrentQueue<DateTimeOffset>();
        await using var rig = new SamplerRig($$"""{ "sensors": [ { "id": "s", "driver": "nmea", "port": "serial:{{directory.File("ours")}}" } ] }""", TimeProvider.System);
        rig.Sampler.TimeHeard = fix => times.Enqueue(fix.Utc);
        await rig.Sampler.StartAsync(Token);
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports[0].Snapshot().Condition == Condition.Ok);
        var port = Mosquitto.FreePort();
        using var gpsd = ForeignProgram.StartSilent(Gpsd, "-N", "-n", "-b", "-S", $"{port}", directory.File("theirs"));
        using var client = await ConnectAsync(port);
        using var reader = new StreamReader(client.GetStream());
        await client.GetStream().WriteAsync("?WATCH={\"enable\":true,\"json\":true};\n"u8.ToArray(), Token);

        // gpsd tells a fix when the next second begins: play on until it has told some.
        var told = new List<JsonElement>();
#pragma warning disable CA2025 // It is awaited below, before its reader goes.
        var listening = ListenAsync(reader, told);
#pragma warning restore CA2025
        for (var second = 0; !listening.IsCompleted; second++)
        {
            var sentences = Sentences(talker, northSouth, eastWest, second % 60);
            ours.Send(sentences);
            theirs.Send(sentences);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
        }

        await listening;
        await SamplerRig.UntilAsync(() => told.All(fix => times.Contains(fix.GetProperty("time").GetDateTimeOffset())));
        var read = rig.Take().GroupBy(reading => reading.Stream).ToDictionary(stream => stream.Key, stream => stream.Select(reading => reading.Value).ToList());
        foreach (var fix in told)
            foreach (var (stream, name, near) in new[] { (0, "lat", 1e-7), (1, "lon", 1e-7), (2, "altMSL", 1e-4), (5, "speed", 6e-4), (6, "track", 1e-4) })
                Assert.Contains(read[stream], value => Math.Abs(value - fix.GetProperty(name).GetDouble()) < near);
    }

    static async Task ListenAsync(StreamReader reader, List<JsonElement> told)
    {
        const int fixes = 8;
        while (told.Count < fixes && await reader.ReadLineAsync(Token) is { } line)
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("class").GetString() == "TPV" && json.RootElement.TryGetProperty("altMSL", out _) && json.RootElement.TryGetProperty("track", out _))
                told.Add(json.RootElement.Clone());
        }
    }

    static async Task<TcpClient> ConnectAsync(int port)
    {
        while (true)
        {
            var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", port, Token);
                return client;
            }
            catch (SocketException)
            {
                client.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
            }
        }
    }

    static byte[] Sentences(string talker, char northSouth, char eastWest, int second)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"3014.{5000 + second:0000},{northSouth},12010.{1000 + second:0000},{eastWest}");
        var time = string.Create(CultureInfo.InvariantCulture, $"0820{second:00}.00");
        return
        [
            .. Sentence(string.Create(CultureInfo.InvariantCulture, $"{talker}GGA,{time},{place},1,12,0.9,{15 + (second / 10.0):F1},M,7.1,M,,")),
            .. Sentence(string.Create(CultureInfo.InvariantCulture, $"{talker}RMC,{time},A,{place},{1 + (second / 10.0):F2},{80 + second:F1},251126,,,A")),
        ];
    }

    static byte[] Sentence(string body) => Encoding.ASCII.GetBytes($"${body}*{body.Aggregate(0, (sum, letter) => sum ^ letter):X2}\r\n");
}
