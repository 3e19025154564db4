using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.Hosting;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Golden;
using Microsoft.Data.Sqlite;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

public sealed class SqliteStoreTests : ReadingStoreTests
{
    readonly ScratchDirectory scratch = new();

    [Fact(Timeout = TestMsMax)]
    public async Task A_schema_newer_than_the_program_is_refused_and_not_touched()
    {
        await ExecuteAsync("UPDATE schema_version SET version = 5");
        await Store.DisposeAsync();
        var before = await File.ReadAllBytesAsync(scratch.File("city.db"), Stop);
        var refused = await Assert.ThrowsAsync<NewerFormatException>(OpenAsync);
        Assert.Equal((5, 4), (refused.Found, refused.Known));
        Assert.Equal(before, await File.ReadAllBytesAsync(scratch.File("city.db"), Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Every_commit_is_synced()
    {
        Assert.Equal(["2"], await TextsAsync("PRAGMA synchronous"));
        Assert.Equal(["wal"], await TextsAsync("PRAGMA journal_mode"));
    }

    [Theory(Timeout = TestMsMax)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_store_of_an_older_version_is_brought_to_this_version_with_all_that_it_holds(int version)
    {
        await using (var old = new SqliteConnection($"Data Source={scratch.File("old.db")};Pooling=False"))
        {
            await old.OpenAsync(Stop);
            await using var command = old.CreateCommand();
#pragma warning disable CA2100 // The golden file of the source tree.
            command.CommandText = await File.ReadAllTextAsync(GoldenFile.PathOf($"store/sqlite-v{version}.sql"), Stop);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(Stop);
        }

        await CheckMigratedAsync(await SqliteStore.OpenAsync(scratch.File("old.db"), Stop), version);
    }

    private protected override async Task<IReadingStore> OpenAsync() => await SqliteStore.OpenAsync(scratch.File("city.db"), Stop);

    private protected override ValueTask CleanUpAsync()
    {
        scratch.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override Task RefuseValueAsync(double value) =>
        ExecuteAsync(FormattableString.Invariant($"CREATE TRIGGER refuse BEFORE INSERT ON reading_row WHEN NEW.value = {value} BEGIN SELECT RAISE(ABORT, 'this value is refused'); END"));

    private protected override Task AcceptAllValuesAsync() => ExecuteAsync("DROP TRIGGER refuse");
}
