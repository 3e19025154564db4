using EdgeHub.CloudBridge.Intake;
using EdgeHub.Simulation.Scheduling;

namespace EdgeHub.Simulation.Network;

/// <summary>The bridge's end of the broker: embedded, which confirms at once, or external, which keeps a message until the bridge has dealt with it.</summary>
sealed class SimBridgeBroker(SimBroker broker, SimProcess process, bool isExternal) : IBroker
{
    public string State => IsConnected ? "connected" : "away";

    public bool IsConnected => broker.IsRunning && broker.BridgeLink.Carries;

    public Func<Arrival, Task>? Arrived { get; set; }

    /// <summary>Asked before each ack leaves; true kills the bridge instead.</summary>
    public Func<bool> DiesBeforeAck { get; set; } = () => false;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        broker.Attach(this);
        return Task.CompletedTask;
    }

    public void Reconnect() => broker.Attach(this);

    /// <summary>Told of each message that arrives.</summary>
    public Action<byte[]> Heard { get; set; } = _ => { };

    public void Take(string topic, byte[] payload)
    {
        if (topic.EndsWith("/records", StringComparison.Ordinal))
            Heard(payload);
        Func<CancellationToken, Task>? acknowledge = null;
        if (isExternal)
            acknowledge = _ =>
            {
                if (!process.IsDead)
                    broker.Acknowledge(topic, payload);
                return Task.CompletedTask;
            };
        else
            broker.Acknowledge(topic, payload);
        process.Post(_ => Arrived?.Invoke(new Arrival(topic, payload, acknowledge)), null);
    }

    public Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken)
    {
        if (process.IsDead || DiesBeforeAck())
            return new TaskCompletionSource<bool>().Task;
        if (!IsConnected)
            return Task.FromResult(false);
        var bytes = payload.ToArray();
        broker.Travel(broker.BridgeLink, () => broker.PublishAck(topic, bytes));
        return Task.FromResult(true);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        broker.Bridge = null;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
