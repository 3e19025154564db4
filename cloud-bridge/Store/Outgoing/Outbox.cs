namespace EdgeHub.CloudBridge.Store.Outgoing;

/// <summary>
/// What waits to be published, as the publisher sees it. A restart continues at the cursor: a value may be published
/// twice, none is forgotten.
/// </summary>
public sealed class Outbox(IReadingStore store, string output)
{
    long? cursor;

    /// <summary>The newest value of each topic that moved since the last <see cref="DoneAsync"/>; old commits first.</summary>
    public async Task<IReadOnlyList<CityReading>> LatestAsync(int countMax, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginAsync(cancellationToken);
        cursor ??= await OutboxTable.CursorAsync(transaction, output, cancellationToken);
        return await OutboxTable.LatestAfterAsync(transaction, cursor.Value, countMax, cancellationToken);
    }

    /// <summary>Urgent readings in order of commit.</summary>
    public async Task<IReadOnlyList<CityReading>> UrgentAsync(int countMax, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginAsync(cancellationToken);
        return await OutboxTable.UrgentAsync(transaction, countMax, cancellationToken);
    }

    /// <summary>Everything up to this commit is published.</summary>
    public async Task DoneAsync(long commit, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginAsync(cancellationToken);
        await OutboxTable.MoveCursorAsync(transaction, output, commit, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        cursor = commit;
    }

    /// <summary>Every urgent reading up to this key is published.</summary>
    public async Task UrgentDoneAsync(long key, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginAsync(cancellationToken);
        await OutboxTable.RemoveUrgentAsync(transaction, key, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
