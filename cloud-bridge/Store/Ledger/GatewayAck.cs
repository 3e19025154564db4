using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>An ack and whose it is.</summary>
public sealed record GatewayAck(string Gateway, Ack Ack);
