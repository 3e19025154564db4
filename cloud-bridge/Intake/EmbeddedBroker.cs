using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeHub.CloudBridge.Store.Outgoing;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// A broker inside the bridge, for a laptop or a small town. A PUBACK goes out at once (holding it back would serialise
/// the client); the ack after the commit is what a box waits for. Retained messages live in the store.
/// </summary>
public sealed partial class EmbeddedBroker : IBroker
{
    const int PendingMessagesPerClientMax = 10_000;
    const string Self = "edgehub-bridge";

    readonly BrokerOptions options;
    readonly BrokerGuard guard;
    readonly RetainedKeeper retained;
    readonly ILogger<EmbeddedBroker> logger;
    readonly MqttServer server;
    readonly X509Certificate2? certificate;
    int anonymous;

    public EmbeddedBroker(BrokerOptions options, Topics topics, RetainedKeeper retained, ILogger<EmbeddedBroker> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.retained, this.logger) = (options, retained, logger);
        guard = new BrokerGuard(options.Users, topics);
        if (options.Tls is { CertificateFile: { } file, KeyFile: { } key })
            certificate = X509Certificate2.CreateFromPemFile(file, key);
        server = new MqttServerFactory().CreateMqttServer(Listening(options.Listen, certificate));
        server.ValidatingConnectionAsync += OnConnecting;
        server.InterceptingSubscriptionAsync += OnSubscribing;
        server.InterceptingPublishAsync += OnPublishAsync;
        server.LoadingRetainedMessageAsync += OnLoadingAsync;
        server.RetainedMessageChangedAsync += OnRetained;
    }

    public string State => server.IsStarted ? $"The broker listens on {options.Listen}." : $"The broker does not listen on {options.Listen} yet.";

    public bool IsConnected => server.IsStarted;

    public Func<Arrival, Task>? Arrived { get; set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync();
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new IOException($"The embedded broker cannot listen on {options.Listen}: {e.Message}. Write another address as broker.listen, or stop what listens there.", e);
        }

        LogListening(options.Listen);
    }

    public async Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken)
    {
        if (!server.IsStarted)
            return false;
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(new ReadOnlySequence<byte>(payload)).WithRetainFlag(retain).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        await server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = Self }, cancellationToken);
        return true;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (server.IsStarted)
            await server.StopAsync();
        await retained.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        server.Dispose();
        certificate?.Dispose();
        return ValueTask.CompletedTask;
    }

    // Every endpoint binds both families unless told otherwise; None keeps the other one shut.
    static MqttServerOptions Listening(IPEndPoint listen, X509Certificate2? certificate)
    {
        var isV6 = listen.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var (v4, v6) = isV6 ? (IPAddress.None, listen.Address) : (listen.Address, IPAddress.None);
        var builder = new MqttServerOptionsBuilder().WithMaxPendingMessagesPerClient(PendingMessagesPerClientMax).WithPersistentSessions(true);
        return (certificate is null
            ? builder.WithDefaultEndpoint().WithDefaultEndpointPort(listen.Port).WithDefaultEndpointBoundIPAddress(v4).WithDefaultEndpointBoundIPV6Address(v6)
            : builder.WithoutDefaultEndpoint().WithEncryptedEndpoint().WithEncryptedEndpointPort(listen.Port).WithEncryptedEndpointBoundIPAddress(v4).WithEncryptedEndpointBoundIPV6Address(v6)
                .WithEncryptionCertificate(certificate)).Build();
    }

    Task OnConnecting(ValidatingConnectionEventArgs arguments)
    {
        if (!guard.MayConnect(arguments.UserName, arguments.Password))
        {
            arguments.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
            LogRefused(arguments.ClientId, arguments.UserName, arguments.RemoteEndPoint);
        }
        else if (arguments.ClientId == Self)
            arguments.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
        else if (string.IsNullOrEmpty(arguments.ClientId))
            arguments.AssignedClientIdentifier = $"{Self}-guest-{Interlocked.Increment(ref anonymous)}";
        return Task.CompletedTask;
    }

    Task OnSubscribing(InterceptingSubscriptionEventArgs arguments)
    {
        if (guard.MaySubscribe(arguments.UserName, arguments.TopicFilter.Topic))
            return Task.CompletedTask;
        arguments.ProcessSubscription = false;
        arguments.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
        return Task.CompletedTask;
    }

    async Task OnPublishAsync(InterceptingPublishEventArgs arguments)
    {
        if (arguments.ClientId == Self)
            return;
        if (!guard.MayPublish(arguments.UserName, arguments.ApplicationMessage.Topic))
        {
            arguments.ProcessPublish = false;
            arguments.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
            LogForeign(arguments.UserName, arguments.ApplicationMessage.Topic);
            return;
        }

        if (Arrived is { } arrived)
            await arrived(new Arrival(arguments.ApplicationMessage.Topic, arguments.ApplicationMessage.Payload.ToArray(), null));
    }

    async Task OnLoadingAsync(LoadingRetainedMessagesEventArgs arguments)
    {
        foreach (var message in await retained.LoadAsync(CancellationToken.None))
            arguments.LoadedRetainedMessages.Add(new MqttApplicationMessageBuilder()
                .WithTopic(message.Topic)
                .WithPayload(new ReadOnlySequence<byte>(message.Payload))
                .WithRetainFlag()
                .WithQualityOfServiceLevel((MqttQualityOfServiceLevel)message.QualityOfService)
                .Build());
    }

    Task OnRetained(RetainedMessageChangedEventArgs arguments)
    {
        var changed = arguments.ChangedRetainedMessage;
        retained.Note(new RetainedMessage(changed.Topic, changed.Payload.ToArray(), (int)changed.QualityOfServiceLevel));
        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 410, Level = LogLevel.Information, Message = "The embedded broker listens on {Endpoint}.")]
    partial void LogListening(IPEndPoint endpoint);

    [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message = "Client {Client} with user {User} from {Endpoint} was refused: unknown user or wrong password.")]
    partial void LogRefused(string? client, string? user, EndPoint? endpoint);

    [LoggerMessage(EventId = 412, Level = LogLevel.Warning, Message = "User {User} may not publish to {Topic}.")]
    partial void LogForeign(string? user, string topic);
}
