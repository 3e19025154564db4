using Microsoft.Extensions.Hosting;

namespace EdgeHub.Tests.Hosting;

/// <summary>A host that never starts and never stops.</summary>
sealed class NoLifetime : IHostApplicationLifetime, IDisposable
{
    readonly CancellationTokenSource never = new();

    public CancellationToken ApplicationStarted => never.Token;

    public CancellationToken ApplicationStopping => never.Token;

    public CancellationToken ApplicationStopped => never.Token;

    public void StopApplication() => never.Cancel();

    public void Dispose() => never.Dispose();
}
