using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeHub.Hosting.Tls;
using EdgeHub.Wire;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeHub.Edge.Uplink;

/// <summary>What one connection tells the MQTT client: where to, who, the last will, TLS and where to leave the box from.</summary>
static class ConnectOptions
{
    /// <param name="source">The local address to leave from; null: as the routes say.</param>
    /// <param name="handshakeDone">Called when the server's certificate was found good.</param>
    public static MqttClientOptions Build(UplinkOptions options, MqttProtocolVersion version, string gateway, string willTopic, byte[] will, IPAddress? source, TlsMaterial? tls, Action handshakeDone)
    {
        var broker = options.Broker;
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(broker.Host, broker.Port)
            .WithProtocolVersion(version)
            .WithClientId(broker.ClientId ?? gateway)
            .WithCleanStart()
            .WithKeepAlivePeriod(options.KeepAlive)
            .WithTimeout(options.KeepAlive)
            .WithMaximumPacketSize(WireLimits.JsonBytesMax * 2)
            .WithWillTopic(willTopic)
            .WithWillPayload(will)
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillRetain();
        if (version != MqttProtocolVersion.V500)
            builder = builder.WithMaximumPacketSize(0);
        if (broker.User is { } user)
            builder = builder.WithCredentials(user, broker.Password?.Reveal() ?? "");
        if (tls is not null)
            builder = builder.WithTlsOptions(to => to
                .UseTls()
                .WithTargetHost(broker.Host)
                .WithClientCertificates(tls.ClientCertificates)
                .WithRevocationMode(X509RevocationMode.NoCheck)
                .WithCertificateValidationHandler(shown =>
                {
                    var good = tls.CheckServer(shown.Certificate as X509Certificate2, shown.Chain, shown.SslPolicyErrors, broker.Host);
                    if (good)
                        handshakeDone();
                    return good;
                }));
        var built = builder.Build();
        if (source is not null && built.ChannelOptions is MqttClientTcpOptions tcp)
            (tcp.LocalEndpoint, tcp.AddressFamily) = (new IPEndPoint(source, 0), source.AddressFamily);
        return built;
    }
}
