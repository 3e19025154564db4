using EdgeHub.Edge.Composition;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Status;

namespace EdgeHub.Edge.Cli;

/// <summary><c>edgehub status</c>: asks the daemon over its socket and prints one sentence, then the parts.</summary>
sealed class StatusVerb(IReadOnlyDictionary<string, string> environment, TextWriter output, TextWriter errors)
{
    /// <summary>Nothing answers, or what answers is not ours.</summary>
    public const int Unreachable = 2;

    public async Task<int> RunAsync(string? config, bool json, CancellationToken cancellationToken)
    {
        var path = EdgeSocket.Find(config, environment);
        var (report, reason) = await StatusClient.AskAsync(path, cancellationToken);
        if (report is null)
        {
            await errors.WriteLineAsync(reason);
            return Unreachable;
        }

        await output.WriteAsync(json ? report.ToJson() + "\n" : StatusText.Of(report));
        return report.Severity == StatusSeverity.Ok ? ExitCode.Ok : ExitCode.Fault;
    }
}
