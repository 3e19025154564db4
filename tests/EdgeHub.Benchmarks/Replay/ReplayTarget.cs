using System.Text.Json.Nodes;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>One kind of database: where the bridge replays into, and where the bare inserts of the same rows go.</summary>
abstract class ReplayTarget : IAsyncDisposable
{
    /// <summary>A new, empty database; the store's part of the bridge's configuration for it.</summary>
    public abstract Task<JsonObject> NewDatabaseAsync(CancellationToken stop);

    /// <summary>The rows of the last database, in the order in which they were written, and how many commits wrote them.</summary>
    public abstract Task<(ReplayRow[] Rows, long Commits)> ReadAsync(CancellationToken stop);

    /// <summary>Writes the rows into a new database with the bridge's own schema and settings, the barest way there is.</summary>
    public abstract Task<TimeSpan> WriteBareAsync(ReplayRow[] rows, int rowsPerTransaction, CancellationToken stop);

    public abstract ValueTask DisposeAsync();
}
