using System.Collections.Concurrent;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// Bytes to records, on the broker's threads, so that the receiver's loop only waits for the database. Whatever the bytes
/// are, the answer is a delivery or a dead letter, never an exception.
/// </summary>
public sealed class ArrivalReader(Topics topics) : IDisposable
{
    // An envelope codec is for one thread at a time; as many exist as threads ever read at once.
    readonly ConcurrentBag<EnvelopeCodec> codecs = [];

    /// <summary>Null for a topic that is not for the bridge: the platform's own, or the boxes' other ones.</summary>
    public Delivery? Read(Arrival arrival)
    {
        ArgumentNullException.ThrowIfNull(arrival);
        if (!arrival.Topic.StartsWith(topics.Prefix + "/", StringComparison.Ordinal))
            return null;
        if (!topics.TryParse(arrival.Topic, out var gateway, out var kind))
            return Dead(arrival, "the topic names no gateway");
        return kind switch
        {
            "records" or "status" when arrival.Payload.Length > WireLimits.PayloadBytesMax => Dead(arrival, $"a payload has at most {WireLimits.PayloadBytesMax} bytes, this one {arrival.Payload.Length}: its first are kept"),
            "records" => ReadEnvelope(arrival, gateway),
            "status" => ReadStatus(arrival, gateway),
            "catalog" or "events" or "ack" => null,
            _ when kind.StartsWith("commands/", StringComparison.Ordinal) => null,
            _ => Dead(arrival, "the topic is not known here"),
        };
    }

    public void Dispose()
    {
        while (codecs.TryTake(out var codec))
            codec.Dispose();
    }

    Delivery ReadEnvelope(Arrival arrival, string gateway)
    {
        if (!codecs.TryTake(out var codec))
            codec = new EnvelopeCodec();
        try
        {
            var envelope = codec.TryDecode(arrival.Payload, out var reason);
            if (envelope is null)
                return Dead(arrival, reason);
            if (envelope.Gateway != gateway)
                return Dead(arrival, $"the payload is of gateway {envelope.Gateway} and the topic of {gateway}");
            var records = DeliveredRecord.AllOf(envelope);
            return new Delivery(arrival, records, null, null, records.Sum(record => record.Bytes.Length));
        }
        finally
        {
            codecs.Add(codec);
        }
    }

    static Delivery? ReadStatus(Arrival arrival, string gateway)
    {
        // An empty retained status is how an operator removes a box.
        if (arrival.Payload.IsEmpty)
            return null;
        var status = GatewayStatus.TryParse(arrival.Payload.Span, out var reason);
        if (status is null)
            return Dead(arrival, reason);
        return status.Gateway == gateway
            ? new Delivery(arrival, [], status, null, arrival.Payload.Length)
            : Dead(arrival, $"the status is of gateway {status.Gateway} and the topic of {gateway}");
    }

    // Whoever sends a hundred megabytes fills no disk with them.
    static Delivery Dead(Arrival arrival, string reason) =>
        new(arrival, [], null, new DeadLetter(arrival.Topic, reason, arrival.Payload[..Math.Min(arrival.Payload.Length, WireLimits.PayloadBytesMax)]), arrival.Payload.Length);
}
