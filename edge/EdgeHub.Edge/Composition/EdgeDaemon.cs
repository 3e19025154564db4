using EdgeHub.Hosting;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Status;

namespace EdgeHub.Edge.Composition;

/// <summary>The composition root: opens the rooms in the order spool, uplink, sensors, and closes them in reverse.</summary>
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

        var status = new EdgeStatus(options, starts, time);
        var setup = new DaemonSetup
        {
            Name = "edgehub",
            Http = options.Http,
            Log = options.Log,
            Time = time,
            Environment = environment,
            Watchdog = new Watchdog(time),
            Sentence = () => status.Report().State,
            Status = status.Report,
            StatusSocketPath = socket,
        };
        var builder = Daemon.CreateBuilder(setup);
        await using var app = builder.Build();
        var code = await Daemon.RunAsync(app, cancellationToken);
        if (code == ExitCode.Ok)
            starts.Progressed();
        return code;
    }
}
