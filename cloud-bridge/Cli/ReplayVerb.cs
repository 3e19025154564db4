using EdgeHub.CloudBridge.Composition;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Cli;

/// <summary><c>replay-set-aside</c>: may run beside the daemon, the database keeps them apart.</summary>
static class ReplayVerb
{
    const int RecordsMax = 256;

    public static Task<int> RunAsync(BridgeOptions options, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken cancellationToken) =>
        BridgeDaemon.WithStoreAsync(
            options,
            time,
            errors,
            async store =>
            {
                using var logs = LoggerFactory.Create(options.Log.Apply);
                var (tried, stored) = await SetAsideReplay.RunAsync(new Committer(store, time, logs.CreateLogger<Committer>()), RecordsMax, cancellationToken);
                await output.WriteLineAsync($"Tried {tried} records; {stored} are stored now, {tried - stored} stay set aside.");
                return ExitCode.Ok;
            },
            cancellationToken);
}
