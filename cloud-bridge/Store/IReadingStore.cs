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

    /// <summary>What an administrator should do about it; null: nothing.</summary>
    string? Advice => null;

    /// <summary>A transaction whose commit is on disk when it returns.</summary>
    Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>A transaction that sees one moment, writes nothing, and keeps no other process from writing.</summary>
    Task<StoreTransaction> BeginSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>A time as a parameter that compares with the rows' own.</summary>
    object RowTime(long unixMs);

    /// <summary>Adds rows inside <paramref name="transaction"/>, in the order given.</summary>
    Task WriteRowsAsync(StoreTransaction transaction, IReadOnlyList<ReadingRow> rows, CancellationToken cancellationToken);

    /// <summary>Until the transaction ends nobody compacts, removes or refills beside it. Comes before any other lock.</summary>
    Task HoldRowsAsync(StoreTransaction transaction, CancellationToken cancellationToken);

    /// <summary>Readings of a spool that were packed into arrays stand as rows again; a few more than asked for. Wants <see cref="HoldRowsAsync"/>.</summary>
    Task UnpackAsync(StoreTransaction transaction, long spool, long firstSequence, long lastSequence, CancellationToken cancellationToken);

    /// <summary>Time of the oldest reading before a moment, or of the hour that holds it; null when there is none.</summary>
    Task<long?> OldestAsync(StoreTransaction transaction, long beforeMs, CancellationToken cancellationToken);

    /// <summary>Takes out the readings of whole UTC hours; <paramref name="gone"/> hears spool, stream and sequence of each. Wants <see cref="HoldRowsAsync"/>.</summary>
    Task RemoveAsync(StoreTransaction transaction, long fromMs, long toMs, Action<long, long, long> gone, CancellationToken cancellationToken);

    /// <summary>The engine's own housekeeping: partitions, and days that lie wholly before a moment into arrays.</summary>
    /// <returns>How many readings were compacted.</returns>
    Task<long> TidyAsync(DateTimeOffset now, DateTimeOffset? compactBefore, CancellationToken cancellationToken);

    /// <summary>What a failure means, by the engine's own codes.</summary>
    StoreFault Judge(DbException failure);
}
