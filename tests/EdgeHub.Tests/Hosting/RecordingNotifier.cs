using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting.Systemd;

namespace EdgeHub.Tests.Hosting;

/// <summary>Keeps what would have gone to the service manager.</summary>
sealed class RecordingNotifier : ISystemdNotifier
{
    public ConcurrentQueue<string> Said { get; } = new();

    public bool IsEnabled => true;

    public void Notify(ServiceState state) => Said.Enqueue(state.ToString());

    public int Count(string said) => Said.Count(line => line == said);
}
