using EdgeHub.Edge.Bundles;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Finding;
using EdgeHub.Edge.Outputs;
using EdgeHub.Edge.Spool;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Composition;

/// <summary>The daemon's life: opens the rooms in the order spool, uplink, sensors, and closes them in reverse.</summary>
static class EdgeDaemon
{
    public static async Task<int> RunAsync(EdgeOptions options, IReadOnlyDictionary<string, string> environment, TimeProvider time, TextWriter errors, CancellationToken cancellationToken)
    {
        StartCounter starts;
        string socket;
        try
        {
            starts = StartCounter.Count(options.DataDirectory);
            socket = StatusSocket.PathFor(options.DataDirectory, environment);
            StatusSocket.Prepare(socket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"edgehub cannot use {options.DataDirectory}: {e.Message} It must be a directory that this user may write.");
            return ExitCode.Fault;
        }

        using var logs = LoggerFactory.Create(options.Log.Apply);
        var status = new EdgeStatus(options, starts, time);
        var watchdog = new Watchdog(time);
        var floor = new ClockFloor(Path.Combine(options.DataDirectory, "clock-floor"));
        try
        {
            using var rooms = new EdgeRooms(options, OpenClock(floor, time), watchdog, time, logs, status.Announcement);
            status.Rooms = rooms;
            return await RunAsync(Setup(options, environment, watchdog, time, status, socket), rooms, floor, starts, cancellationToken);
        }
        catch (NewerFormatException e)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.NewerFormat;
        }
        catch (IOException e)
        {
            await errors.WriteLineAsync($"edgehub cannot use its spool in {options.Spool.Directory}: {e.Message}");
            return ExitCode.Fault;
        }
    }

    static async Task<int> RunAsync(DaemonSetup setup, EdgeRooms rooms, ClockFloor floor, StartCounter starts, CancellationToken cancellationToken)
    {
        var builder = Daemon.CreateBuilder(setup);
        // Started in this order and stopped in reverse: the Sampler falls silent first, the Recorder then drains what is left.
        builder.Services.AddSingleton<IHostedService>(rooms.Keeper);
        if (rooms.Mirror is { } mirror)
            builder.Services.AddSingleton<IHostedService>(mirror);
        builder.Services.AddSingleton<IHostedService>(rooms.Wear);
        builder.Services.AddSingleton<IHostedService>(rooms.Recorder);
        if (!starts.RecordOnly)
            builder.Services.AddSingleton<IHostedService>(rooms.Forwarder);
        builder.Services.AddSingleton<IHostedService>(rooms.Sampler);
        builder.Services.AddSingleton<IHostedService>(services => new ClockWatch(rooms.Clock, floor, rooms.Announce, setup.Watchdog, setup.Time, services.GetRequiredService<ILogger<ClockWatch>>()));
        builder.Services.AddSingleton<IHostedService>(_ => new ProgressMark(rooms.Forwarder, starts, setup.Watchdog, setup.Time));
        await using var app = builder.Build();
        var code = await Daemon.RunAsync(app, cancellationToken);
        if (code == ExitCode.Ok)
            starts.Progressed();
        return code;
    }

    static BoxClock OpenClock(ClockFloor floor, TimeProvider time)
    {
        var clock = KernelClock.Open(time);
        clock.PassedUnixMs = floor.Read();
        return clock;
    }

    static DaemonSetup Setup(EdgeOptions options, IReadOnlyDictionary<string, string> environment, Watchdog watchdog, TimeProvider time, EdgeStatus status, string socket)
    {
        var setup = new DaemonSetup
        {
            Name = "edgehub",
            Http = options.Http,
            Log = options.Log,
            Time = time,
            Environment = environment,
            Watchdog = watchdog,
            Sentence = () => status.Report().State,
            Status = status.Report,
            StatusSocketPath = socket,
            LocalPages = DeskPages.Of(status.Rooms.Desk).Concat(LookPages.Of(status.Rooms.Sampler, status.Rooms.Clock)).Concat(OutputPages.Of(status.Rooms.Outputs)).ToDictionary(StringComparer.Ordinal),
        };
        setup.Readiness.Add("spool", () => status.Rooms.Spools.Health is { Condition: not (SpoolCondition.Ok or SpoolCondition.Degraded) } health ? health.Sentence : null);
        setup.Readiness.Add("uplink", () => status.Rooms.Forwarder.State is { IsGood: false } state ? state.ToString() : null);
        return setup;
    }
}
