using System.Net;
using EdgeHub.Edge.Cli;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Http;
using EdgeHub.Hosting.Logging;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Status;
using EdgeHub.Tests.DeviceSims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeHub.Tests.Finding;

/// <summary>The daemon's local socket with the pages of rooms whose hardware is in memory, and the command line beside it. Its page of metrics collects every meter of the process: no other test may run a box beside.</summary>
sealed class LocalDaemon : IAsyncDisposable
{
    readonly ScratchDirectory directory = new();
    readonly CancellationTokenSource stop = new();
    readonly WebApplication app;
    readonly Task<int> running;

    public LocalDaemon(IReadOnlyDictionary<string, RequestDelegate> pages)
    {
        File.WriteAllText(directory.File("box.json"), $$"""{ "gateway": { "id": "box" }, "dataDirectory": "{{directory.Path}}" }""");
        app = Daemon.CreateBuilder(new DaemonSetup
        {
            Name = "edgehub-test",
            Http = new HttpOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) },
            Log = new LogOptions(),
            Time = TimeProvider.System,
            Environment = new Dictionary<string, string>(),
            Watchdog = new Watchdog(TimeProvider.System),
            Status = () => throw new NotSupportedException(),
            StatusSocketPath = Socket,
            LocalPages = pages,
        }).Build();
        running = Task.Run(() => Daemon.RunAsync(app, stop.Token));
    }

    public string Socket => directory.File("run/edgehub.sock");

    /// <summary>Runs <c>edgehub</c> with these arguments; what it says on both ways out.</summary>
    public async Task<(int Code, string Said, string Complained)> CommandAsync(params string[] arguments)
    {
        while (!File.Exists(Socket) || File.GetUnixFileMode(Socket).HasFlag(UnixFileMode.OtherRead))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await new EdgeCommandLine(new Dictionary<string, string>(), TimeProvider.System, output, errors).RunAsync([.. arguments, "--config", directory.File("box.json")]);
        return (code, output.ToString(), errors.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        Assert.Equal(0, await running);
        await app.DisposeAsync();
        stop.Dispose();
        directory.Dispose();
    }
}
