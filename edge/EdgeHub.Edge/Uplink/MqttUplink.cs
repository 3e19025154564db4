using System.Buffers;
using System.Net;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Tls;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Polly;

namespace EdgeHub.Edge.Uplink;

/// <summary>
/// One connection to one broker, kept up: it connects with a last will, subscribes to the acks, publishes at QoS 1, and comes back
/// after every end with growing, jittered waits. It keeps nothing in flight across a reconnect: what goes again is the
/// Forwarder's decision. It never has more QoS 1 messages without PUBACK than the server's Receive Maximum.
/// </summary>
public sealed partial class MqttUplink(UplinkOptions options, string gateway, Topics topics, byte[] will, DataBudget? budget, TimeProvider time, int seed, ILogger<MqttUplink> logger)
{
    const int ReceiveMaximumDefault = 65535; // MQTT 5, 3.2.2.3.3

    /// <summary>What a turn may take beyond the keep-alive, within which a connection is made or given up.</summary>
    static readonly TimeSpan StallMargin = TimeSpan.FromMinutes(2);

    readonly BrokerEndpoint broker = options.Broker;
    readonly TwinWatch twins = new(options.Broker.ClientId ?? gateway, options.Broker.ToString(), options.StableAfter, options.TakeOverDelayMax, time);
    readonly Reconnection reconnection = new(options, seed, time);

    // One connection's, replaced as a whole.
    volatile Link? link;
    MqttProtocolVersion version = options.Protocol == UplinkProtocol.Mqtt311 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;

    /// <summary>What the configuration calls it.</summary>
    public string Name => options.Name;

    /// <summary>The broker's address, without user or password.</summary>
    public string Broker => broker.ToString();

    /// <summary>What may travel over it; null: as much as there is.</summary>
    public DataBudget? Budget => budget;

    /// <summary>How the connection stands; what is delivered over it is the Forwarder's to say.</summary>
    public UplinkState State { get; private set; } = UplinkState.Starting;

    public bool IsConnected => link is not null;

    /// <summary>The last sign of a second box with this one's id; null when there was none for an hour.</summary>
    public UplinkState? Twin => twins.Recent;

    /// <summary>The city sees a second box with this one's id; true when that is news.</summary>
    public bool TwinTold(string text) => twins.Tell(text);

    /// <summary>Called once per change of <see cref="State"/>.</summary>
    public Action<UplinkState>? StateChanged { get; set; }

    /// <summary>Whether this box does not know the time: it then judges no certificate.</summary>
    public Func<bool> IsTimeUnknown { get; init; } = static () => false;

    /// <summary>Makes the client of one connection.</summary>
    public Func<IMqttClient> NewClient { get; init; } = static () => new MqttClientFactory().CreateMqttClient();

    /// <summary>It is not to connect for now.</summary>
    public void StandBy() => State = new UplinkState(UplinkCondition.Standby, $"{Name} stands by.", "");

    /// <summary>Keeps the connection up until it is told to stop; then says offline and leaves. Watched only meanwhile: standing by is no hanging.</summary>
    public async Task RunAsync(UplinkHandlers handlers, Watchdog watchdog, CancellationToken stoppingToken)
    {
        ArgumentNullException.ThrowIfNull(watchdog);
        var progress = watchdog.Register($"uplink {Name}", options.KeepAlive + StallMargin);
        reconnection.TakeOvers = 0;
        var pipeline = reconnection.Pipeline(progress);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await ExecuteAsync(pipeline, handlers, progress, stoppingToken);
                // A broker that restarts must not meet all its boxes at once.
                var wait = reconnection.Pause();
                progress.Rest(wait);
                await Task.Delay(wait, time, stoppingToken);
            }
        }
        finally
        {
            watchdog.Remove(progress);
        }
    }

    // Goes on in the caller's context, as everything here does: so a single thread can drive all of it.
    async Task ExecuteAsync(ResiliencePipeline<ConnectionEnd> pipeline, UplinkHandlers handlers, LoopProgress progress, CancellationToken stoppingToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, stoppingToken);
        try
        {
            await pipeline.ExecuteAsync(async attempt => await ConnectAndStayAsync(handlers, progress, attempt.CancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>
    /// Publishes at QoS 1 and waits for the broker's word: the MQTT 5 reason code, 0 with 3.1.1. Null when the connection ended first.
    /// </summary>
    public async Task<int?> PublishAsync(string topic, byte[] payload, bool retain, CancellationToken stop)
    {
        if (link is not { } on)
            return null;
        try
        {
            using var limit = new CancellationTokenSource(options.KeepAlive * 1.5, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, on.Ended.Token, stop);
            await on.Slots.Reader.ReadAsync(either.Token);
            budget?.Add(topic.Length + payload.Length + DataBudget.OverheadBytes);
            var result = await on.Client.PublishAsync(new MqttApplicationMessage { Topic = topic, PayloadSegment = new ArraySegment<byte>(payload), Retain = retain, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce }, either.Token);
            // Only the broker's word frees the slot: what was given up may still be unconfirmed there.
            on.Slots.Writer.TryWrite(default);
            return (int)result.ReasonCode;
        }
        catch (Exception e) when (e is MqttCommunicationException or ObjectDisposedException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            on.TakenOver |= SaysTakenOver(e);
            // MQTTnet pings only when nothing is sent: on a busy half-open link the missing PUBACK is the only sign.
            // A connection that ended by itself says why in its own callback, which must come first.
            if (on.Client.IsConnected)
                on.End();
            return null;
        }
    }

    async Task<ConnectionEnd> ConnectAndStayAsync(UplinkHandlers handlers, LoopProgress progress, CancellationToken stop)
    {
        progress.Beat();
        if (SourceAddress.Of(options) is var (source, missing) && missing is not null)
        {
            Say(missing);
            return ConnectionEnd.Failed;
        }

        using var tls = broker.UseTls ? TlsMaterial.Load(broker.Tls, time, out var fault) : Nothing(out fault);
        if (fault is not null)
        {
            Say(ConnectionFailure.Of(fault));
            return ConnectionEnd.Failed;
        }

        using var client = NewClient();
        using var on = new Link(client);
        client.DisconnectedAsync += ended =>
        {
            on.TakenOver |= ended.Reason == MqttClientDisconnectReason.SessionTakenOver;
            on.End();
            return Task.CompletedTask;
        };
        client.ApplicationMessageReceivedAsync += message =>
        {
            budget?.Add(message.ApplicationMessage.Topic.Length + message.ApplicationMessage.Payload.Length + DataBudget.OverheadBytes);
            return handlers.Ack(message.ApplicationMessage.Payload.ToArray()).AsTask();
        };
        if (await TryConnectAsync(client, on, source, tls, stop) is not { } welcome)
            return on.TakenOver ? ConnectionEnd.TakenOver : ConnectionEnd.Failed;
        var begun = time.GetTimestamp();
        // MQTTnet gives 0 for what the server did not say.
        var receiveMaximum = welcome.ReceiveMaximum is > 0 and var some ? (int)some : ReceiveMaximumDefault;
        var packetBytesMax = welcome.MaximumPacketSize is > 0 and <= int.MaxValue and var bytes ? (int)bytes : int.MaxValue;
        on.Open(receiveMaximum);
        link = on;
        Say(UplinkState.Of(DeliveryState.Delivering, broker.ToString()));
        try
        {
            await handlers.Connected(receiveMaximum, packetBytesMax);
            await on.WaitForEndAsync(progress, stop);
        }
        finally
        {
            if (stop.IsCancellationRequested)
                await LeaveAsync(on);
            link = null;
            await handlers.Disconnected();
        }

        var (end, state) = twins.Judge(on.TakenOver, time.GetElapsedTime(begun));
        Say(state);
        if (end == ConnectionEnd.Lived)
            reconnection.TakeOvers = 0;
        return end;
    }

    async Task<MqttClientConnectResult?> TryConnectAsync(IMqttClient client, Link on, IPAddress? source, TlsMaterial? tls, CancellationToken stop)
    {
        var handshakeDone = false;
        try
        {
            using var limit = new CancellationTokenSource(options.KeepAlive, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            var result = await client.ConnectAsync(ConnectOptions.Build(options, version, gateway, topics.Status(gateway), will, source, tls, () => handshakeDone = true), either.Token);
            if (ConnectionFailure.Of(result, broker) is { } refused)
            {
                if (refused.Condition == UplinkCondition.ProtocolRefused)
                    TryOtherVersion();
                Say(refused);
                return null;
            }

            var subscribed = await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(topics.Ack(gateway), MqttQualityOfServiceLevel.AtLeastOnce).Build(), either.Token);
            if (subscribed.Items.All(item => item.ResultCode <= MqttClientSubscribeResultCode.GrantedQoS2))
                return result;
            Say(new UplinkState(UplinkCondition.AckTopicDenied, $"{broker} does not let this user read {topics.Ack(gateway)}: nothing could ever be released.", "Allow it in the broker's access list."));
            return null;
        }
        catch (Exception e) when (!stop.IsCancellationRequested && e is MqttCommunicationException or MqttProtocolViolationException or OperationCanceledException or IOException or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException or TimeoutException)
        {
            var cause = ConnectionFailure.Explain(e, broker, tls, handshakeDone);
            if (cause.Condition == UplinkCondition.LinkLost)
                TryOtherVersion();
            twins.NotLetIn();
            if (cause.Condition == UplinkCondition.Tls && IsTimeUnknown())
                cause = ConnectionFailure.ClockUnknown(broker, cause);
            Say(on.TakenOver ? cause with { Condition = UplinkCondition.TakenOver } : cause);
            return null;
        }
    }

    // A 3.1.1 broker may answer MQTT 5 with a refusal, or just hang up.
    void TryOtherVersion()
    {
        if (options.Protocol == UplinkProtocol.Auto)
            version = version == MqttProtocolVersion.V500 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
    }

    async Task LeaveAsync(Link on)
    {
        try
        {
            // The last word counts against the server's Receive Maximum as well; without room the will says it.
            if (!on.Slots.Reader.TryRead(out _))
                return;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
            await on.Client.PublishAsync(new MqttApplicationMessage { Topic = topics.Status(gateway), PayloadSegment = new ArraySegment<byte>(will), Retain = true, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce }, limit.Token);
            await on.Client.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token);
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException)
        {
            // The broker then says it for us: that is what the will is for.
        }
    }

    static bool SaysTakenOver(Exception failure) =>
        failure is MqttClientUnexpectedDisconnectReceivedException { ReasonCode: MqttDisconnectReasonCode.SessionTakenOver };

    void Say(UplinkState state)
    {
        if (state == State)
            return;
        State = state;
        if (state.IsGood)
            LogGood(state.Sentence);
        else
            LogBad(state.Condition, state.Sentence, state.Fix);
        StateChanged?.Invoke(state);
    }

    static TlsMaterial? Nothing(out TlsFault? fault)
    {
        fault = null;
        return null;
    }

    [LoggerMessage(300, LogLevel.Information, "{Sentence}")]
    private partial void LogGood(string sentence);

    [LoggerMessage(301, LogLevel.Warning, "Uplink {Condition}: {Sentence} {Fix}")]
    private partial void LogBad(UplinkCondition condition, string sentence, string fix);
}
