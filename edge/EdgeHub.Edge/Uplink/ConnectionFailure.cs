using System.Net.Sockets;
using System.Security.Authentication;
using EdgeHub.Hosting.Tls;
using MQTTnet;
using MQTTnet.Exceptions;

namespace EdgeHub.Edge.Uplink;

/// <summary>Names the cause of a connection that did not come about.</summary>
static class ConnectionFailure
{
    public static UplinkState Explain(Exception failure, BrokerEndpoint broker, TlsMaterial? tls, bool handshakeDone)
    {
        var socket = Find<SocketException>(failure)?.SocketErrorCode;
        return socket switch
        {
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery =>
                new(UplinkCondition.HostUnknown, $"The name {broker.Host} cannot be resolved.", "Check uplink.broker and this machine's DNS server."),
            SocketError.ConnectionRefused =>
                new(UplinkCondition.ConnectionRefused, $"{broker} refuses the connection: nobody listens on this port.", "Start the broker, or correct host and port of uplink.broker."),
            SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.HostDown =>
                new(UplinkCondition.Unreachable, $"There is no way to {broker}.", "Check the network cable, the modem and the default route."),
            SocketError.TimedOut => TimedOut(broker),
            _ when tls is not null && (handshakeDone || socket is SocketError.ConnectionReset or SocketError.ConnectionAborted || tls.ServerFault is not null || Find<AuthenticationException>(failure) is not null || Find<IOException>(failure) is not null) => Of(tls.Explain(broker.Host, handshakeDone)),
            _ when Find<MqttCommunicationTimedOutException>(failure) is not null || Find<OperationCanceledException>(failure) is not null || Find<TimeoutException>(failure) is not null => TimedOut(broker),
            _ => new(UplinkCondition.LinkLost, $"{broker} ended the connection before it let this box in: {failure.Message}", "Check that an MQTT broker listens there; its log says more."),
        };
    }

    /// <summary>A box without the time cannot judge a date, and the other side is not to blame.</summary>
    public static UplinkState ClockUnknown(BrokerEndpoint broker, UplinkState cause) =>
        new(UplinkCondition.ClockUnknown, $"The clock of this box is not right yet, so no certificate of {broker} can be judged ({cause.Sentence}) The box holds, records, and connects once the time is right.", "Check the network's time server (timedatectl), or give the box a clock with a battery.");

    public static UplinkState Of(TlsFault fault) => new(UplinkCondition.Tls, fault.Sentence, fault.Fix);

    /// <summary>Null when the broker let us in.</summary>
    public static UplinkState? Of(MqttClientConnectResult result, BrokerEndpoint broker) => result.ResultCode switch
    {
        MqttClientConnectResultCode.Success => null,
        MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized or MqttClientConnectResultCode.BadAuthenticationMethod or MqttClientConnectResultCode.Banned =>
            new(UplinkCondition.LoginRefused, $"{broker} refuses the login of {broker.User ?? "a box without user"}.", "Check uplink.user and uplink.passwordFile against the broker's users."),
        MqttClientConnectResultCode.UnsupportedProtocolVersion =>
            new(UplinkCondition.ProtocolRefused, $"{broker} does not speak this version of MQTT.", "Leave uplink.protocol at auto."),
        _ => new(UplinkCondition.BrokerRefuses, $"{broker} refuses the connection: {result.ResultCode} {result.ReasonString}.", "The broker's log says more; the box tries again by itself."),
    };

    static UplinkState TimedOut(BrokerEndpoint broker) =>
        new(UplinkCondition.TimedOut, $"{broker} does not answer.", "Check the network and the broker's firewall.");

    static T? Find<T>(Exception? failure) where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
            if (failure is T found)
                return found;
        return null;
    }
}
