using EdgeHub.Hosting.Http;
using EdgeHub.Hosting.Logging;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Status;
using Microsoft.AspNetCore.Http;

namespace EdgeHub.Hosting;

/// <summary>What a composition root tells <see cref="Daemon"/>: the shared settings, and the seams its rooms fill.</summary>
public sealed record DaemonSetup
{
    /// <summary>The program's name: <c>edgehub</c> or <c>edgehub-bridge</c>.</summary>
    public required string Name { get; init; }

    public required HttpOptions Http { get; init; }

    public required LogOptions Log { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The process's environment, read once.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required Watchdog Watchdog { get; init; }

    public Readiness Readiness { get; init; } = new();

    /// <summary>The sentence shown by <c>systemctl status</c>.</summary>
    public Func<string> Sentence { get; init; } = () => "Running.";

    /// <summary>The answer of the local socket; null when the program has none.</summary>
    public Func<StatusReport>? Status { get; init; }

    /// <summary>What the local socket answers besides, by method and path, such as <c>GET /desk/spools</c>.</summary>
    public IReadOnlyDictionary<string, RequestDelegate> LocalPages { get; init; } = new Dictionary<string, RequestDelegate>();

    /// <summary>Where the local socket lies; see <see cref="StatusSocket.PathFor"/>.</summary>
    public string? StatusSocketPath { get; init; }
}
