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
        var path = Socket(config);
        var (report, reason) = await StatusClient.AskAsync(path, cancellationToken);
        if (report is null)
        {
            await errors.WriteLineAsync(reason);
            return Unreachable;
        }

        await output.WriteAsync(json ? report.ToJson() + "\n" : StatusText.Of(report));
        return report.Severity == StatusSeverity.Ok ? ExitCode.Ok : ExitCode.Fault;
    }

    // A technician's shell has neither the service's runtime directory nor, often, the right to read its configuration.
    string Socket(string? config)
    {
        if (ConfigurationFile.Edge.Find(config, environment) is var file && (file is null || file == ConfigurationFile.Edge.InstalledPath) && File.Exists(StatusSocket.ServicePath))
            return StatusSocket.ServicePath;
        return StatusSocket.PathFor(EdgeOptions.Read(ConfigurationFile.Edge.Load(config, environment), environment).DataDirectory, environment);
    }
}
