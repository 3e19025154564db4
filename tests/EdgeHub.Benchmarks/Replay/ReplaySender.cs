using System.Buffers;
using EdgeHub.Wire;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>Plays one box coming back: sends its backlog within the Forwarder's window and waits for the city's acks.</summary>
sealed class ReplaySender(ReplayLoad load, int port) : IDisposable
{
    const int InFlightMax = 20; // the Forwarder's default

    readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();
    readonly SemaphoreSlim window = new(InFlightMax);
    readonly RangeSet acked = [];
    readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Topics topics = new(Topics.DefaultPrefix);
    int answered;

    public async Task ConnectAsync(CancellationToken stop)
    {
        client.ApplicationMessageReceivedAsync += OnAckAsync;
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId(load.Gateway).Build(), stop);
        await client.SubscribeAsync(topics.Ack(load.Gateway), MqttQualityOfServiceLevel.AtLeastOnce, stop);
    }

    /// <summary>Returns when every record is acked by the bridge.</summary>
    public async Task SendAsync(CancellationToken stop)
    {
        foreach (var (payload, _) in load.Payloads)
        {
            await window.WaitAsync(stop);
            await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topics.Records(load.Gateway)).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
        }

        await done.Task.WaitAsync(stop);
    }

    public void Dispose()
    {
        client.Dispose();
        window.Dispose();
    }

    Task OnAckAsync(MqttApplicationMessageReceivedEventArgs arguments)
    {
        if (Ack.TryParse(arguments.ApplicationMessage.Payload.ToArray(), out var reason) is not { } ack)
            throw new InvalidOperationException($"An ack is none: {reason}");
        foreach (var range in ack.Stored)
            acked.Add(range);
        if (acked.Count >= load.Head)
            done.TrySetResult();
        for (; answered < load.Payloads.Count && acked.ContainsAll(load.Payloads[answered].Numbers); answered++)
            window.Release();
        return Task.CompletedTask;
    }
}
