namespace EdgeHub.Edge.Uplink;

/// <summary>What the uplink calls when something happens on the connection.</summary>
/// <param name="Connected">With the server's Receive Maximum and greatest packet size.</param>
/// <param name="Ack">With the payload of a message on the ack topic.</param>
public sealed record UplinkHandlers(
    Func<int, int, ValueTask> Connected,
    Func<ValueTask> Disconnected,
    Func<byte[], ValueTask> Ack);
