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
    readonly long[] sent = new long[load.Payloads.Count];
    int answered;

    /// <summary>From an envelope's publish to its ack, in milliseconds; complete once all is sent.</summary>
    public List<double> AckMs { get; } = [];

    public async Task ConnectAsync(CancellationToken stop)
    {
        client.ApplicationMessageReceivedAsync += OnAckAsync;
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId(load.Gateway).Build(), stop);
        await client.SubscribeAsync(topics.Ack(load.Gateway), MqttQualityOfServiceLevel.AtLeastOnce, stop);
    }

    /// <summary>Returns when every record is acked by the bridge.</summary>
    /// <param name="pace">Between two envelopes; default: as fast as the window lets them go.</param>
    public async Task SendAsync(CancellationToken stop, TimeSpan pace = default)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < load.Payloads.Count; i++)
        {
            if ((i * pace) - TimeProvider.System.GetElapsedTime(started) is var ahead && ahead > TimeSpan.FromMilliseconds(1))
                await Task.Delay(ahead, TimeProvider.System, stop);
            await window.WaitAsync(stop);
            var payload = load.Payloads[i].Bytes;
            sent[i] = TimeProvider.System.GetTimestamp();
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
        for (; answered < load.Payloads.Count && acked.ContainsAll(load.Payloads[answered].Numbers); answered++)
        {
            AckMs.Add(TimeProvider.System.GetElapsedTime(sent[answered]).TotalMilliseconds);
            window.Release();
        }

        if (acked.Count >= load.Head)
            done.TrySetResult();
        return Task.CompletedTask;
    }
}
