using System.Data.Common;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Rows;

namespace EdgeHub.Tests.Hosting;

/// <summary>A database that takes the question and never answers, nor says that it is away.</summary>
sealed class StuckStore : IReadingStore
{
    public string StoreId => new('0', 32);

    public string Description => "A stuck database";

    public async Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new InvalidOperationException("It never ends.");
    }

    public Task<StoreTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) => BeginAsync(cancellationToken);

    public object RowTime(long unixMs) => throw new InvalidOperationException("No transaction ever began.");

    public Task WriteRowsAsync(StoreTransaction transaction, IReadOnlyList<ReadingRow> rows, CancellationToken cancellationToken) => throw new InvalidOperationException("No transaction ever began.");

    public Task HoldRowsAsync(StoreTransaction transaction, CancellationToken cancellationToken) => throw new InvalidOperationException("No transaction ever began.");

    public Task UnpackAsync(StoreTransaction transaction, long spool, long firstSequence, long lastSequence, CancellationToken cancellationToken) => throw new InvalidOperationException("No transaction ever began.");

    public Task<long?> OldestAsync(StoreTransaction transaction, long beforeMs, CancellationToken cancellationToken) => throw new InvalidOperationException("No transaction ever began.");

    public Task RemoveAsync(StoreTransaction transaction, long fromMs, long toMs, Action<long, long, long> gone, CancellationToken cancellationToken) => throw new InvalidOperationException("No transaction ever began.");

    public async Task<long> TidyAsync(DateTimeOffset now, DateTimeOffset? compactBefore, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        return 0;
    }

    public StoreFault Judge(DbException failure) => StoreFault.None;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
