using System.Buffers;
using System.Collections.Concurrent;
using EdgeHub.Wire;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeHub.Tests.Uplink;

/// <summary>Plays the city: a client that decodes envelopes, keeps the hashes and answers with acks, as it is told to.</summary>
sealed class TestBridge : IAsyncDisposable
{
    readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();
    readonly EnvelopeCodec codec = new();
    readonly Topics topics = new();
    readonly string gateway;

    TestBridge(string gateway) => this.gateway = gateway;

    public string Store { get; set; } = "city";

    public bool Acks { get; set; } = true;

    /// <summary>Makes the digest a lie.</summary>
    public bool Lies { get; set; }

    public ConcurrentDictionary<(SpoolId Spool, ulong Number), RecordHash> Stored { get; } = [];

    public ConcurrentQueue<Envelope> Envelopes { get; } = [];

    public ConcurrentDictionary<string, string> Retained { get; } = [];

    public ConcurrentQueue<string> Events { get; } = [];

    public static async Task<TestBridge> StartAsync(int port, string gateway, CancellationToken stop, string? user = null, string? password = null)
    {
        var bridge = new TestBridge(gateway);
        bridge.client.ApplicationMessageReceivedAsync += message => bridge.TakeAsync(message.ApplicationMessage);
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("bridge").WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500);
        if (user is not null)
            options = options.WithCredentials(user, password ?? "");
        await bridge.client.ConnectAsync(options.Build(), stop);
        await bridge.client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter($"{Topics.DefaultPrefix}/+/#", MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
        return bridge;
    }

    /// <summary>What a published ack looks like, for tests that send one out of turn.</summary>
    public Task SayAsync(Ack ack, CancellationToken stop) =>
        client.PublishAsync(new MqttApplicationMessage { Topic = topics.Ack(gateway), PayloadSegment = new ArraySegment<byte>(ack.ToJson()), QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce }, stop);

    public async ValueTask DisposeAsync()
    {
        if (client.IsConnected)
            await client.DisconnectAsync();
        client.Dispose();
        codec.Dispose();
    }

    async Task TakeAsync(MqttApplicationMessage message)
    {
        if (!topics.TryParse(message.Topic, out _, out var kind))
            return;
        if (kind is "status" or "catalog")
            Retained[kind] = System.Text.Encoding.UTF8.GetString(message.Payload.ToArray());
        if (kind == "events")
            Events.Enqueue(System.Text.Encoding.UTF8.GetString(message.Payload.ToArray()));
        if (kind != "records" || codec.TryDecode(message.Payload.ToArray(), out _) is not { } envelope)
            return;
        Envelopes.Enqueue(envelope);
        if (!Acks)
            return;
        var hashes = envelope.Hashes();
        if (!Lies)
            for (var i = 0; i < hashes.Length; i++)
                Stored[(envelope.Spool, envelope.FirstNumber + (ulong)i)] = hashes[i];
        await SayAsync(new Ack(Store, envelope.Spool, [envelope.Numbers], [], Lies ? RecordHash.Of([1]) : RecordHash.DigestOf(hashes), []), CancellationToken.None);
    }
}
