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

    public StoreFault Judge(DbException failure) => inner.Judge(failure);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
