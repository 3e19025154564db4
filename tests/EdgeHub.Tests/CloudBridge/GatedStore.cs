using System.Data.Common;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Rows;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>A store whose commits a test holds back: rows are not written until the gate opens.</summary>
sealed class GatedStore(IReadingStore inner) : IReadingStore
{
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Writing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>So many batches more fail before their rows are written.</summary>
    public int Failures { get; set; }

    public string StoreId => inner.StoreId;

    public string Description => inner.Description;

    public Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken) => inner.BeginAsync(cancellationToken);

    public Task<StoreTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) => inner.BeginSnapshotAsync(cancellationToken);

    public object RowTime(long unixMs) => inner.RowTime(unixMs);

    public async Task WriteRowsAsync(StoreTransaction transaction, IReadOnlyList<ReadingRow> rows, CancellationToken cancellationToken)
    {
        Writing.TrySetResult();
        await Gate.Task.WaitAsync(cancellationToken);
        if (Failures > 0)
        {
            Failures--;
            throw new IOException("The database is away.");
        }

        await inner.WriteRowsAsync(transaction, rows, cancellationToken);
    }

    public Task HoldRowsAsync(StoreTransaction transaction, CancellationToken cancellationToken) => inner.HoldRowsAsync(transaction, cancellationToken);

    public Task UnpackAsync(StoreTransaction transaction, long spool, long firstSequence, long lastSequence, CancellationToken cancellationToken) => inner.UnpackAsync(transaction, spool, firstSequence, lastSequence, cancellationToken);

    public Task<long?> OldestAsync(StoreTransaction transaction, long beforeMs, CancellationToken cancellationToken) => inner.OldestAsync(transaction, beforeMs, cancellationToken);

    public Task RemoveAsync(StoreTransaction transaction, long fromMs, long toMs, Action<long, long, long> gone, CancellationToken cancellationToken) => inner.RemoveAsync(transaction, fromMs, toMs, gone, cancellationToken);

    public Task<long> TidyAsync(DateTimeOffset now, DateTimeOffset? compactBefore, CancellationToken cancellationToken) => inner.TidyAsync(now, compactBefore, cancellationToken);

    public StoreFault Judge(DbException failure) => inner.Judge(failure);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
