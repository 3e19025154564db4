namespace EdgeHub.Benchmarks.Replay;

/// <summary>The barest way there is to write rows to one kind of database: what the bridge is measured against.</summary>
abstract class BareWriter : IAsyncDisposable
{
    public abstract Task WriteAsync(ReadOnlyMemory<ReplayRow> rows, int rowsPerTransaction, CancellationToken stop);

    public abstract ValueTask DisposeAsync();
}
