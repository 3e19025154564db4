using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Tls;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Polly;
using Polly.Retry;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// An external broker, MQTT 5 preferred and 3.1.1 accepted. The session is persistent and a message is acknowledged only
/// after its commit, so a broker that keeps its word spares the boxes a resend; nothing rests on that.
/// </summary>
public sealed partial class ExternalBroker(BrokerOptions options, Topics topics, string storeId, Watchdog watchdog, TimeProvider time, ILogger<ExternalBroker> logger) : IBroker
{
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);
    static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(2);

    readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();
    readonly CancellationTokenSource stop = new();
    MqttProtocolVersion version = MqttProtocolVersion.V500;
    Task? keeping;
    string? trouble = "no connection was tried yet";

    public string State => trouble is { } why ? $"{options.Endpoint}: {why}" : $"Connected to {options.Endpoint}.";

    public bool IsConnected => client.IsConnected && trouble is null;

    public Func<Arrival, Task>? Arrived { get; set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        client.ApplicationMessageReceivedAsync += OnReceivedAsync;
        keeping = KeepAsync(stop.Token);
        return Task.CompletedTask;
    }

    public async Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken)
    {
        if (!client.IsConnected)
            return false;
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(new ReadOnlySequence<byte>(payload)).WithRetainFlag(retain).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        try
        {
            // A connection that ends just now may leave the client waiting for a PUBACK that nobody owes it any more.
            using var limit = new CancellationTokenSource(PublishTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            return (await client.PublishAsync(message, either.Token)).IsSuccess;
        }
        catch (Exception e) when (e is MqttCommunicationException or MqttProtocolViolationException or ObjectDisposedException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        if (keeping is not null)
            await keeping.WaitAsync(cancellationToken);
        try
        {
            if (client.IsConnected)
                await client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().Build(), cancellationToken);
        }
        catch (MqttCommunicationException)
        {
            // The connection went first; leaving is all that was wanted.
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        stop.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task KeepAsync(CancellationToken stoppingToken)
    {
        var progress = watchdog.Register("broker connection", StallLimit);
        var retry = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<MqttCommunicationException>().Handle<IOException>().Handle<OperationCanceledException>(_ => !stoppingToken.IsCancellationRequested),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = options.ReconnectMax,
            OnRetry = arguments =>
            {
                progress.Rest(arguments.RetryDelay);
                Say(arguments.Outcome.Exception?.Message ?? "the connection ended");
                return default;
            },
        }).Build();
        try
        {
            while (true)
            {
                await retry.ExecuteAsync(async token =>
                {
                    progress.Beat();
                    await ConnectAsync(token);
                }, stoppingToken);
                trouble = null;
                LogConnected(options.Endpoint, version);
                await DisconnectedAsync(progress, stoppingToken);
                Say("the connection ended");
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    async Task ConnectAsync(CancellationToken cancellationToken)
    {
        // Connected and not allowed to hear: the next try begins anew.
        if (client.IsConnected)
            await client.TryDisconnectAsync();
        using var material = options.Endpoint.UseTls ? Material() : null;
        try
        {
            var connected = await client.ConnectAsync(ConnectOptions(material), cancellationToken);
            if (connected.ResultCode == MqttClientConnectResultCode.UnsupportedProtocolVersion && version == MqttProtocolVersion.V500)
            {
                version = MqttProtocolVersion.V311;
                throw new IOException("the broker does not speak MQTT 5; trying 3.1.1");
            }

            if (connected.ResultCode != MqttClientConnectResultCode.Success)
                throw new IOException($"the broker refuses the login ({connected.ResultCode} {connected.ReasonString}). Check user, password and the broker's access list.");
        }
        catch (MqttCommunicationException e) when (material is not null)
        {
            throw new IOException(material.Explain(options.Endpoint.Host, handshakeDone: material.ServerFault is null).ToString(), e);
        }

        await SubscribeAsync(cancellationToken);
    }

    async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        var share = options.SharedGroup.Length > 0 ? $"$share/{options.SharedGroup}/" : "";
        var filters = new MqttClientSubscribeOptionsBuilder()
            .WithTopicFilter(share + topics.Records("+"), MqttQualityOfServiceLevel.AtLeastOnce)
            .WithTopicFilter(share + topics.Status("+"), MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
        var answer = await client.SubscribeAsync(filters, cancellationToken);
        foreach (var item in answer.Items)
            if ((int)item.ResultCode > 2)
                throw new IOException($"the broker does not let us hear {item.TopicFilter.Topic} ({item.ResultCode}). Allow it in the broker's access list.");
    }

    MqttClientOptions ConnectOptions(TlsMaterial? material)
    {
        var endpoint = options.Endpoint;
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(endpoint.Host, endpoint.Port)
            .WithProtocolVersion(version)
            .WithClientId(endpoint.ClientId ?? $"edgehub-bridge-{storeId[..8]}")
            .WithCleanStart(false)
            .WithTimeout(ConnectTimeout)
            .WithKeepAlivePeriod(KeepAlive);
        if (version == MqttProtocolVersion.V500)
            builder = builder.WithReceiveMaximum((ushort)options.ReceiveMax).WithSessionExpiryInterval((uint)options.SessionKept.TotalSeconds);
        if (endpoint.User is { } user)
            builder = builder.WithCredentials(user, endpoint.Password?.Reveal() ?? "");
        if (material is not null)
            builder = builder.WithTlsOptions(tls => tls
                .UseTls()
                .WithTargetHost(endpoint.Host)
                .WithRevocationMode(X509RevocationMode.NoCheck)
                .WithClientCertificates(material.ClientCertificates)
                .WithCertificateValidationHandler(check => material.CheckServer(check.Certificate as X509Certificate2, check.Chain, check.SslPolicyErrors, endpoint.Host)));
        return builder.Build();
    }

    TlsMaterial Material() => TlsMaterial.Load(options.Endpoint.Tls, time, out var fault) ?? throw new IOException(fault?.ToString());

    async Task OnReceivedAsync(MqttApplicationMessageReceivedEventArgs arguments)
    {
        arguments.AutoAcknowledge = false;
        if (Arrived is { } arrived)
            await arrived(new Arrival(arguments.ApplicationMessage.Topic, arguments.ApplicationMessage.Payload.ToArray(), token => AcknowledgeAsync(arguments, token)));
    }

    static async Task AcknowledgeAsync(MqttApplicationMessageReceivedEventArgs arguments, CancellationToken cancellationToken)
    {
        try
        {
            await arguments.AcknowledgeAsync(cancellationToken);
        }
        catch (Exception e) when (e is MqttCommunicationException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection it came by is gone; the broker brings it again and the ledger knows it.
        }
    }

    async Task DisconnectedAsync(LoopProgress progress, CancellationToken stoppingToken)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task OnGone(MqttClientDisconnectedEventArgs _)
        {
            gone.TrySetResult();
            return Task.CompletedTask;
        }

        client.DisconnectedAsync += OnGone;
        try
        {
            using (progress.Wait())
                if (client.IsConnected)
                    await gone.Task.WaitAsync(stoppingToken);
        }
        finally
        {
            client.DisconnectedAsync -= OnGone;
        }
    }

    // A state change is said once, not at every try.
    void Say(string why)
    {
        if (trouble != why)
            LogAway(options.Endpoint, why);
        trouble = why;
    }

    [LoggerMessage(EventId = 420, Level = LogLevel.Information, Message = "Connected to {Endpoint} by MQTT {Version}.")]
    partial void LogConnected(BrokerEndpoint endpoint, MqttProtocolVersion version);

    [LoggerMessage(EventId = 421, Level = LogLevel.Warning, Message = "No connection to {Endpoint}: {Why}")]
    partial void LogAway(BrokerEndpoint endpoint, string why);
}
