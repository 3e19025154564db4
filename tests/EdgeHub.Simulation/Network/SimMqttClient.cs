using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Packets;

namespace EdgeHub.Simulation.Network;

/// <summary>
/// The box's end of one connection, as MQTTnet's client behaves: it keeps nothing across a connection, does not count the server's
/// Receive Maximum, and finds a dead link by its keep-alive alone.
/// </summary>
sealed class SimMqttClient(SimBroker broker, SimLink link, Func<bool> isDead) : IMqttClient
{
    readonly List<Action<Exception>> pending = [];
    bool disposed;

    public event Func<MqttApplicationMessageReceivedEventArgs, Task>? ApplicationMessageReceivedAsync;

    public event Func<MqttClientDisconnectedEventArgs, Task>? DisconnectedAsync;

    // Nobody listens to these.
    public event Func<MqttClientConnectedEventArgs, Task>? ConnectedAsync { add { } remove { } }

    public event Func<MqttClientConnectingEventArgs, Task>? ConnectingAsync { add { } remove { } }

    public event Func<MQTTnet.Diagnostics.PacketInspection.InspectMqttPacketEventArgs, Task>? InspectPacketAsync { add { } remove { } }

    public bool IsConnected { get; private set; }

    public MqttClientOptions Options { get; private set; } = new();

    public string Id => Options.ClientId;

    public SimLink Link => link;

    public string? AckTopic { get; private set; }

    /// <summary>What the broker said of it when it let this connection in.</summary>
    public ushort ReceiveMaximum { get; set; }

    /// <summary>What the box makes of a payload; a broken rule looks away here.</summary>
    public Func<byte[], byte[]> Reads { get; set; } = payload => payload;

    /// <summary>QoS 1 messages that the broker has not confirmed.</summary>
    public int Unconfirmed { get; set; }

    public bool IsDead => disposed || isDead();

    public async Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default)
    {
        Options = options;
        var result = await AskAsync<MqttClientConnectResult>(answer => broker.Connect(this, link, answer), cancellationToken);
        IsConnected = true;
        link.Attach(this);
        return result;
    }

    public Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default)
    {
        var filter = options.TopicFilters[0];
        return AskAsync<MqttClientSubscribeResult>(
            answer =>
            {
                AckTopic = filter.Topic;
                answer(new MqttClientSubscribeResult(1, [new MqttClientSubscribeResultItem(filter, MqttClientSubscribeResultCode.GrantedQoS1)], "", []));
            },
            cancellationToken);
    }

    public Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default)
    {
        if (!IsConnected)
            throw new MqttClientNotConnectedException();
        Unconfirmed++;
        return AskAsync<MqttClientPublishResult>(
            answer => broker.Publish(this, applicationMessage, code =>
            {
                Unconfirmed--;
                answer(new MqttClientPublishResult(1, (MqttClientPublishReasonCode)code, "", []));
            }),
            cancellationToken,
            (int)applicationMessage.Payload.Length);
    }

    public Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default)
    {
        broker.Leave(this);
        Break(MqttClientDisconnectReason.NormalDisconnection);
        return Task.CompletedTask;
    }

    /// <summary>A message for the box arrives here.</summary>
    public void Take(string topic, byte[] payload)
    {
        if (!IsDead && IsConnected && ApplicationMessageReceivedAsync is { } handler)
            _ = handler(new MqttApplicationMessageReceivedEventArgs(Id, new MqttApplicationMessage { Topic = topic, PayloadSegment = new ArraySegment<byte>(Reads(payload)) }, new MqttPublishPacket(), (_, _) => Task.CompletedTask));
    }

    /// <summary>The connection is over, and this end knows.</summary>
    public void Break(MqttClientDisconnectReason reason)
    {
        link.Detach(this);
        var was = IsConnected;
        IsConnected = false;
        if (IsDead)
            return;
        foreach (var fail in pending.ToList())
            fail(new MqttCommunicationException("The connection was lost."));
        pending.Clear();
        if (was && DisconnectedAsync is { } handler)
            _ = handler(new MqttClientDisconnectedEventArgs(true, null, reason, "", [], null));
    }

    public void Dispose()
    {
        disposed = true;
        if (!IsConnected)
            return;
        IsConnected = false;
        link.Detach(this);
        broker.Lose(this);
    }

    public Task PingAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task SendEnhancedAuthenticationExchangeDataAsync(MqttEnhancedAuthenticationExchangeData data, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    // There over the link, back over the link; an end of the connection in between ends the question.
    async Task<T> AskAsync<T>(Action<Action<T>> ask, CancellationToken cancellationToken, int bytes = 0)
    {
        var answer = new TaskCompletionSource<T>();
        void Fail(Exception reason) => answer.TrySetException(reason);
        pending.Add(Fail);
        await using var registration = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        broker.Travel(link, () => ask(result => broker.Travel(link, () => answer.TrySetResult(result))), () => answer.TrySetException(new MqttCommunicationException("There is no way to the broker.")), bytes);
        try
        {
            return await answer.Task;
        }
        finally
        {
            pending.Remove(Fail);
        }
    }
}
