using EdgeHub.CloudBridge.Composition;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Moving;
using EdgeHub.Hosting;

namespace EdgeHub.CloudBridge.Cli;

/// <summary><c>move</c>: from the embedded SQLite file to PostgreSQL, for a bridge that has outgrown it.</summary>
static class MoveVerb
{
    public static async Task<int> RunAsync(BridgeOptions options, string connection, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (options.Store.Kind != StoreKind.Sqlite)
        {
            await errors.WriteLineAsync("store.kind: only a SQLite file can be moved, and the configuration names another store. Run move with the configuration that still has the file.");
            return ExitCode.BadConfiguration;
        }

        if (!File.Exists(options.Store.File))
        {
            await errors.WriteLineAsync($"store.file: {options.Store.File} is not there; there is nothing to move.");
            return ExitCode.BadConfiguration;
        }

        if (!StoreOptions.IsConnection(connection))
        {
            await errors.WriteLineAsync("--to: this is no connection string. Write Host=db.city;Database=edgehub;Username=edgehub, and the password as store.passwordFile or EDGEHUB_BRIDGE__STORE__PASSWORD.");
            return ExitCode.BadConfiguration;
        }

        var target = options.Store with { Kind = StoreKind.Postgres, Connection = connection };
        return await BridgeDaemon.WithStoreAsync(options, time, errors, source => BridgeDaemon.WithStoreAsync(options with { Store = target }, time, errors, store => MoveAsync(source, store, output, cancellationToken), cancellationToken), cancellationToken);
    }

    static async Task<int> MoveAsync(IReadingStore source, IReadingStore target, TextWriter output, CancellationToken cancellationToken)
    {
        var rows = await StoreMove.RunAsync(source, target, cancellationToken);
        await output.WriteLineAsync($"{rows} readings, the ledger and the store's id {source.StoreId} are in {target.Description} now, and {source.Description} is closed for good. Set store.kind to postgres and store.connection, then start the bridge: the boxes go on where they are.");
        return ExitCode.Ok;
    }
}
