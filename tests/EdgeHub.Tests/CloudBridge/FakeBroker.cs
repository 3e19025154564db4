using System.Collections.Concurrent;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.Wire;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>A broker that is a list: what the bridge publishes, and what a test lets arrive.</summary>
sealed class FakeBroker : IBroker
{
    public ConcurrentQueue<(string Topic, byte[] Payload, bool Retain)> Published { get; } = [];

    public string State => "A list.";

    public bool IsConnected => true;

    public Func<Arrival, Task>? Arrived { get; set; }

    /// <summary>What a publish does first.</summary>
    public Func<Task> Publishing { get; set; } = static () => Task.CompletedTask;

    public int Acknowledged { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public async Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken)
    {
        await Publishing();
        Published.Enqueue((topic, payload.ToArray(), retain));
        return true;
    }

    public Task SendAsync(string topic, byte[] payload) => Arrived!(new Arrival(topic, payload, _ =>
    {
        Acknowledged++;
        return Task.CompletedTask;
    }));

    public Task SendAsync(Envelope envelope)
    {
        using var codec = new EnvelopeCodec();
        return SendAsync(new Topics().Records(envelope.Gateway), codec.Encode(envelope));
    }

    public IReadOnlyList<Ack> Acks(string gateway) =>
        [.. Published.Where(message => message.Topic == new Topics().Ack(gateway)).Select(message => Ack.TryParse(message.Payload, out _)!)];
}
