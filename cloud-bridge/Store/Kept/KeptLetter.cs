namespace EdgeHub.CloudBridge.Store.Kept;

/// <summary>A dead letter as the table has it.</summary>
public sealed record KeptLetter(long Key, DateTimeOffset At, string Topic, string Reason, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Letters behind a key, oldest first.</summary>
    public static async Task<IReadOnlyList<KeptLetter>> ReadAsync(IReadingStore store, long afterKey, int countMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await transaction.QueryAsync(
            "SELECT key, at, topic, reason, bytes FROM dead_letter WHERE key > $1 ORDER BY key LIMIT $2",
            reader => new KeptLetter(reader.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetString(2), reader.GetString(3), (byte[])reader[4]),
            cancellationToken,
            afterKey,
            (long)countMax);
    }

    public static async Task RemoveAsync(IReadingStore store, long key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var transaction = await store.BeginAsync(cancellationToken);
        await transaction.ExecuteAsync("DELETE FROM dead_letter WHERE key = $1", cancellationToken, key);
        await transaction.CommitAsync(cancellationToken);
    }
}
