using Microsoft.Extensions.Hosting;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>Starts and stops the broker with the host; it stops last, when the acks are out.</summary>
public sealed class BrokerService(IBroker broker) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => broker.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => broker.StopAsync(cancellationToken);
}
