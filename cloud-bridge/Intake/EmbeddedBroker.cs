using System.Buffers;
using System.Net;
using EdgeHub.CloudBridge.Store;
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
    readonly RetainedKeeper retained;
    readonly ILogger<EmbeddedBroker> logger;
    readonly MqttServer server;

    public EmbeddedBroker(BrokerOptions options, RetainedKeeper retained, ILogger<EmbeddedBroker> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.retained, this.logger) = (options, retained, logger);
        var builder = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointPort(options.Listen.Port)
            .WithMaxPendingMessagesPerClient(PendingMessagesPerClientMax)
            .WithPersistentSessions(true);
        builder = options.Listen.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? builder.WithDefaultEndpointBoundIPAddress(IPAddress.None).WithDefaultEndpointBoundIPV6Address(options.Listen.Address)
            : builder.WithDefaultEndpointBoundIPAddress(options.Listen.Address).WithDefaultEndpointBoundIPV6Address(IPAddress.None);
        server = new MqttServerFactory().CreateMqttServer(builder.Build());
        server.InterceptingPublishAsync += OnPublishAsync;
        server.LoadingRetainedMessageAsync += OnLoadingAsync;
        server.RetainedMessageChangedAsync += OnRetained;
    }

    public string State => server.IsStarted ? $"listening on {options.Listen}" : "not started";

    public bool IsConnected => server.IsStarted;

    public Func<Arrival, Task>? Arrived { get; set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await server.StartAsync();
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
        return ValueTask.CompletedTask;
    }

    async Task OnPublishAsync(InterceptingPublishEventArgs arguments)
    {
        if (arguments.ClientId == Self)
            return;
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
}
