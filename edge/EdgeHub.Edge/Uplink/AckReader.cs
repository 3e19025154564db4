using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Uplink;

/// <summary>Messages on the ack topic to acks; what is none, and whose is foreign, is counted and named.</summary>
sealed partial class AckReader(UplinkMetrics metrics, ILogger logger)
{
    const int ForeignStoresMax = 16;

    readonly HashSet<string> foreignStores = [];

    /// <param name="bound">The store whose acks count; null until the first one.</param>
    public Ack? Read(byte[] payload, string? bound)
    {
        if (Ack.TryParse(payload, out var reason) is not { } ack)
        {
            metrics.AckArrived("malformed");
            LogMalformedAck(reason);
            return null;
        }

        lock (foreignStores)
            if (bound is not null && ack.Store != bound && foreignStores.Count < ForeignStoresMax && foreignStores.Add(ack.Store))
                LogForeignStore(ack.Store, bound);
        return ack;
    }

    [LoggerMessage(314, LogLevel.Warning, "An ack came from the store {Foreign}; this box is bound to {Bound}, and nothing is released.")]
    private partial void LogForeignStore(string foreign, string bound);

    [LoggerMessage(315, LogLevel.Warning, "A message on the ack topic is no ack: {Reason}.")]
    private partial void LogMalformedAck(string reason);
}
