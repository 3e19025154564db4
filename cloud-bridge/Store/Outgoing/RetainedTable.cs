namespace EdgeHub.CloudBridge.Store.Outgoing;

/// <summary>Retained messages of the embedded broker, so that a restart does not empty the platform's screens.</summary>
public static class RetainedTable
{
    public static async Task SaveAsync(IReadingStore store, IReadOnlyCollection<RetainedMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var transaction = await store.BeginAsync(cancellationToken);
        foreach (var message in messages)
            await (message.Payload.IsEmpty
                ? transaction.ExecuteAsync("DELETE FROM retained WHERE topic = $1", cancellationToken, message.Topic)
                : transaction.ExecuteAsync(
                    "INSERT INTO retained (topic, payload, qos) VALUES ($1, $2, $3) ON CONFLICT (topic) DO UPDATE SET payload = excluded.payload, qos = excluded.qos",
                    cancellationToken,
                    message.Topic,
                    message.Payload.ToArray(),
                    (long)message.QualityOfService));
        await transaction.CommitAsync(cancellationToken);
    }

    public static async Task<IReadOnlyList<RetainedMessage>> LoadAsync(IReadingStore store, int countMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await transaction.QueryAsync(
            "SELECT topic, payload, qos FROM retained ORDER BY topic LIMIT $1",
            reader => new RetainedMessage(reader.GetString(0), (byte[])reader[1], (int)reader.GetInt64(2)),
            cancellationToken,
            (long)countMax);
    }
}
