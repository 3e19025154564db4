using System.Data.Common;
using EdgeHub.CloudBridge.Store.Rows;

namespace EdgeHub.CloudBridge.Store;

/// <summary>
/// The city's database: one schema, two engines. What differs between them is here; all else is plain SQL that both take
/// (<see cref="StoreTransaction"/>).
/// </summary>
public interface IReadingStore : IAsyncDisposable
{
    /// <summary>32 hex digits, born with the schema; moves with the data. A box releases only for the one it knows.</summary>
    string StoreId { get; }

    /// <summary>For logs and errors; holds no secret.</summary>
    string Description { get; }

    /// <summary>A transaction whose commit is on disk when it returns.</summary>
    Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Adds rows inside <paramref name="transaction"/>, in the order given.</summary>
    Task WriteRowsAsync(StoreTransaction transaction, IReadOnlyList<ReadingRow> rows, CancellationToken cancellationToken);

    /// <summary>What a failure means, by the engine's own codes.</summary>
    StoreFault Judge(DbException failure);
}
