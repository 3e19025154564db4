using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Commits;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>What every engine gives a test of the suite: a store that can be closed and opened again, and its rows.</summary>
public abstract class ReadingStoreSuite : IAsyncLifetime
{
    private protected const int TestMsMax = 120_000;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected IReadingStore Store { get; private set; } = null!;

    private protected Committer Committer { get; private set; } = null!;

    public async ValueTask InitializeAsync() => await ReopenAsync();

    public async ValueTask DisposeAsync()
    {
        if (Store is not null)
            await Store.DisposeAsync();
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the test's own database, made on the first call.</summary>
    private protected abstract Task<IReadingStore> OpenAsync();

    private protected abstract ValueTask CleanUpAsync();

    /// <summary>Makes the database refuse every reading with this value, as a constraint of its own would.</summary>
    private protected abstract Task RefuseValueAsync(double value);

    private protected abstract Task AcceptAllValuesAsync();

    private protected async Task ReopenAsync()
    {
        if (Store is not null)
            await Store.DisposeAsync();
        Store = await OpenAsync();
        Committer = new Committer(Store, TimeProvider.System, NullLogger<Committer>.Instance);
    }

    private protected Task<CommitResult> CommitAsync(params DeliveredRecord[] records) => Committer.CommitAsync(records, [], [], Stop);

    private protected async Task<long> CountAsync(string sql, params object?[] values)
    {
        await using var transaction = await Store.BeginAsync(Stop);
        return await transaction.NumberAsync(sql, Stop, values) ?? 0;
    }

    private protected async Task ExecuteAsync(string sql)
    {
        await using var transaction = await Store.BeginAsync(Stop);
        await transaction.ExecuteAsync(sql, Stop);
        await transaction.CommitAsync(Stop);
    }

    private protected async Task<List<string>> TextsAsync(string sql)
    {
        await using var transaction = await Store.BeginAsync(Stop);
        return await transaction.QueryAsync(sql, reader => Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!, Stop);
    }

    private protected Task<long> RowsAsync(string gateway) => CountAsync("SELECT count(*) FROM reading WHERE gateway = $1", gateway);
}
