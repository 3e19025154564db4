using System.Text.Json.Nodes;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>One kind of database: where the bridge replays into, and where the bare inserts of the same rows go.</summary>
abstract class ReplayTarget : IAsyncDisposable
{
    /// <summary>A new, empty database; the store's part of the bridge's configuration for it.</summary>
    public abstract Task<JsonObject> NewDatabaseAsync(CancellationToken stop);

    /// <summary>The rows of the last database, in the order in which they were written.</summary>
    public abstract Task<ReplayRow[]> RowsAsync(CancellationToken stop);

    /// <summary>How many commits wrote rows so far.</summary>
    public abstract Task<long> CommitsAsync(CancellationToken stop);

    /// <summary>A new database with the bridge's own schema and settings, and the barest way to write rows to it.</summary>
    public abstract Task<BareWriter> OpenBareAsync(CancellationToken stop);

    public abstract ValueTask DisposeAsync();
}
