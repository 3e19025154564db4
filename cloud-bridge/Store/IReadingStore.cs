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

    /// <summary>A transaction that sees one moment, writes nothing, and keeps no other process from writing.</summary>
    Task<StoreTransaction> BeginSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>A time as a parameter that compares with the rows' own.</summary>
    object RowTime(long unixMs);

    /// <summary>Adds rows inside <paramref name="transaction"/>, in the order given.</summary>
    Task WriteRowsAsync(StoreTransaction transaction, IReadOnlyList<ReadingRow> rows, CancellationToken cancellationToken);

    /// <summary>What a failure means, by the engine's own codes.</summary>
    StoreFault Judge(DbException failure);
}
