using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Outgoing;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// Writes the embedded broker's retained messages to the store, the newest of each topic, at most once an interval: a
/// commit per message would cost more than the readings. A crash forgets at most the last interval, and the next value
/// of a topic mends it.
/// </summary>
public sealed class RetainedKeeper(IReadingStore store)
{
    public const int TopicsMax = 200_000;

    readonly Lock gate = new();
    Dictionary<string, RetainedMessage> changed = new(StringComparer.Ordinal);

    public void Note(RetainedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        lock (gate)
            if (changed.Count < TopicsMax || changed.ContainsKey(message.Topic))
                changed[message.Topic] = message;
    }

    public Task<IReadOnlyList<RetainedMessage>> LoadAsync(CancellationToken cancellationToken) => RetainedTable.LoadAsync(store, TopicsMax, cancellationToken);

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, RetainedMessage> due;
        lock (gate)
            (due, changed) = (changed, new Dictionary<string, RetainedMessage>(StringComparer.Ordinal));
        if (due.Count > 0)
            await RetainedTable.SaveAsync(store, due.Values, cancellationToken);
    }
}
