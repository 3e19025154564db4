using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Http;
using EdgeHub.Hosting.Logging;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Hosting;

/// <summary>The page of metrics collects every meter of the process: beside these no other test may run a box.</summary>
[Collection("whole machine")]
public sealed class DaemonTests : IDisposable
{
    static readonly StatusReport Report = new(
        "Ok.", StatusSeverity.Ok, "1.0", "box-1", 61_000,
        [new SensorReport("pms1", "ok", "", [new StreamReport("pm2_5_ug_m3", 12.5, "ug/m3", "good", 900)])],
        new UplinkReport("online", "", "mqtt://city:1883", 1_500, 2, [new WayReport("wan", "mqtt://city:1883", "LinkLost", "The connection was lost.", false, null, null), new WayReport("lte", "mqtt://city:8883", "Delivering", "", true, 3 << 20, "50 MiB a day")], 1200, 90_000, 0.034), new SpoolReport("ok", "ok", 100, 3, 0, 2_000, 8 << 20), new ClockReport("Ntp", ""), new Dictionary<string, long> { ["acked"] = 97 });

    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("edgehub-daemon-");
    readonly FakeTimeProvider time = new();
    readonly Watchdog watchdog;
    readonly DaemonSetup setup;

    public DaemonTests()
    {
        watchdog = new Watchdog(time);
        setup = new DaemonSetup
        {
            Name = "edgehub-test",
            Http = new HttpOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) },
            Log = new LogOptions(),
            Time = TimeProvider.System,
            Environment = new Dictionary<string, string>(),
            Watchdog = watchdog,
            Status = () => Report,
            StatusSocketPath = Path.Combine(directory.FullName, "run", StatusSocket.FileName),
        };
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact(Timeout = 30_000)]
    public async Task The_pages_tell_metrics_health_and_readiness()
    {
        using var meter = new Meter("EdgeHub.Test");
        var counter = meter.CreateCounter<long>("readings", "{reading}", "Readings of a test.");
        string? missing = "The broker refuses the password.";
        setup.Readiness.Add("uplink", () => missing);
        var loop = watchdog.Register("recorder", TimeSpan.FromSeconds(1));
        await RunAsync(async http =>
        {
            counter.Add(7, new KeyValuePair<string, object?>("stream", "pms1"));
            Assert.Contains("edgehub_test_readings{stream=\"pms1\"} 7", await http.GetStringAsync(Page("/metrics"), Token), StringComparison.Ordinal);

            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(Page("/healthz"), Token)).StatusCode);
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync(Page("/healthz"), Token)).StatusCode);
            loop.Beat();

            var unready = await http.GetAsync(Page("/readyz"), Token);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, unready.StatusCode);
            Assert.Contains(missing, await unready.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            missing = null;
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(Page("/readyz"), Token)).StatusCode);

            // What the box measures is for those who may open its socket.
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(Page("/status"), Token)).StatusCode);
        });
    }

    [Fact(Timeout = 30_000)]
    public async Task The_local_socket_tells_the_status_to_its_group_alone()
    {
        var path = setup.StatusSocketPath!;
        await RunAsync(async _ =>
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(path));
            var (report, reason) = await StatusClient.AskAsync(path, Token);
            Assert.Equal("", reason);
            Assert.Equal(Report.ToJson(), report!.ToJson());
            Assert.Throws<IOException>(() => StatusSocket.Prepare(path));
        });
        var (none, why) = await StatusClient.AskAsync(path, Token);
        Assert.Null(none);
        Assert.Contains("not running", why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_socket_of_a_killed_daemon_is_taken_over()
    {
        var path = setup.StatusSocketPath!;
        StatusSocket.Prepare(path);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".kept");
        }

        // Closing removed the bound name; the moved one stands for what kill -9 leaves.
        File.Move(path + ".kept", path);
        StatusSocket.Prepare(path);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_socket_path_longer_than_the_kernel_takes_says_so() =>
        Assert.Contains("shorter dataDirectory", Assert.Throws<IOException>(() => StatusSocket.Prepare("/tmp/" + new string('x', StatusSocket.PathBytesMax))).Message, StringComparison.Ordinal);

    [Theory(Timeout = 30_000)]
    [InlineData(false, ExitCode.Fault)]
    [InlineData(true, ExitCode.NewerFormat)]
    public async Task A_loop_that_dies_ends_the_process_with_its_code(bool newer, int code)
    {
        var builder = Daemon.CreateBuilder(setup);
        builder.Services.AddHostedService(_ => new DyingLoop(newer ? new NewerFormatException("the journal", 9, 1) : new InvalidOperationException("planted")));
        await using var app = builder.Build();
        Assert.Equal(code, await Daemon.RunAsync(app, Token));
    }

    [Fact]
    public void The_text_begins_with_the_sentence_and_names_each_part()
    {
        var text = StatusText.Of(Report);
        Assert.StartsWith("Ok.", text, StringComparison.Ordinal);
        foreach (var part in new[] { "box-1", "up 61 s", "online mqtt://city:1883", "1 s ago, 2 in flight", "3, oldest 2 s", "pms1: ok", "12.5 ug/m3", "900 ms ago", "3.4 % of what was sent" })
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    static Uri Page(string path) => new(path, UriKind.Relative);

    async Task RunAsync(Func<HttpClient, Task> use)
    {
        var builder = Daemon.CreateBuilder(setup);
#pragma warning disable CA2025 // The run is awaited below, before its host goes.
        await using var app = builder.Build();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = app.Lifetime.ApplicationStarted.Register(started.SetResult);
        var run = Daemon.RunAsync(app, stop.Token);
        await started.Task.WaitAsync(Token);
        using (var http = new HttpClient { BaseAddress = new Uri(app.Urls.First(url => url.StartsWith("http://127", StringComparison.Ordinal))) })
            await use(http);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, await run);
#pragma warning restore CA2025
    }

    sealed class DyingLoop(Exception fault) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw fault;
        }
    }
}
