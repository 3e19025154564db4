using System.Data.Common;
using System.Security.Cryptography;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.Hosting;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeHub.CloudBridge.Store.Sqlite;

/// <summary>
/// The embedded store: one file, one writer. WAL with synchronous=FULL, so a commit is on disk when it returns.
/// </summary>
public sealed class SqliteStore : IReadingStore
{
    const int BusyTimeoutMs = 30_000;
    const int CacheKib = 64 << 10;
    const string Hex = "lower(hex(p.id))";
    const string Moved = "SELECT moved_to FROM store";

    readonly SqliteConnection connection;
    readonly SemaphoreSlim writer = new(1, 1);
    readonly SqliteRowWriter rowWriter;
    bool disposed;

    SqliteStore(SqliteConnection connection, string storeId)
    {
        this.connection = connection;
        StoreId = storeId;
        rowWriter = new SqliteRowWriter(connection.Handle!);
    }

    public string StoreId { get; }

    public string Description => $"SQLite file {connection.DataSource}";

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="NewerFormatException">Its schema is another program's; nothing was touched.</exception>
    /// <exception cref="StoreRefusedException">Its data lives in another database by now.</exception>
    public static async Task<SqliteStore> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
            Directory.CreateDirectory(directory);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusyTimeoutMs / 1000 }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            await RunAsync(connection, $"PRAGMA busy_timeout={BusyTimeoutMs}", cancellationToken);
            var version = await VersionAsync(connection, cancellationToken);
            if (version > StoreSchema.Version)
                throw new NewerFormatException(path, (int)version, StoreSchema.Version);
            // The journal mode stands in the file; the other two are each connection's own.
            await RunAsync(connection, $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-{CacheKib}; PRAGMA wal_autocheckpoint=4000", cancellationToken);
            if (version == 0)
                await CreateAsync(connection, cancellationToken);
            else if (version < StoreSchema.Version)
                await RunAsync(connection, $"BEGIN IMMEDIATE; {StoreSchema.From((int)version, SqliteSchema.Bytes, SqliteSchema.ToOverheard, SqliteSchema.ToDays, Hex)} COMMIT;", cancellationToken);
            RefuseMoved(path, await TextAsync(connection, Moved, cancellationToken));
            return new SqliteStore(connection, await TextAsync(connection, "SELECT id FROM store", cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // Begins immediate: a replay from another process waits here, not halfway through.
    public Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken) => BeginAsync(deferred: false, cancellationToken);

    public Task<StoreTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) => BeginAsync(deferred: true, cancellationToken);

    public object RowTime(long unixMs) => unixMs;

    async Task<StoreTransaction> BeginAsync(bool deferred, CancellationToken cancellationToken)
    {
        await writer.WaitAsync(cancellationToken);
        DbTransaction? transaction = null;
        try
        {
#pragma warning disable CA1849 // Only this one knows of deferred ones; SQLite does everything before it returns, whatever it is called.
            transaction = connection.BeginTransaction(deferred);
#pragma warning restore CA1849
            RefuseMoved(connection.DataSource, await TextAsync(connection, Moved, cancellationToken));
            return new StoreTransaction(transaction, namedParameters: true, lockRows: "", Release);
        }
        catch
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
            writer.Release();
            throw;
        }
    }

    public Task WriteRowsAsync(StoreTransaction transaction, IReadOnlyList<ReadingRow> rows, CancellationToken cancellationToken)
    {
        rowWriter.Write(rows);
        return Task.CompletedTask;
    }

    // One writer has the whole file.
    public Task HoldRowsAsync(StoreTransaction transaction, CancellationToken cancellationToken) => Task.CompletedTask;

    // Rows are all there is.
    public Task UnpackAsync(StoreTransaction transaction, long spool, long firstSequence, long lastSequence, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<long?> OldestAsync(StoreTransaction transaction, long beforeMs, CancellationToken cancellationToken) =>
        transaction.NumberAsync("SELECT min(oldest) FROM (SELECT (SELECT min(r.time) FROM reading_row r WHERE r.stream = s.key) AS oldest FROM stream s) WHERE oldest < $1", cancellationToken, beforeMs);

    public Task RemoveAsync(StoreTransaction transaction, long fromMs, long toMs, Action<long, long, long> gone, CancellationToken cancellationToken) => transaction.ReadAsync(
        "DELETE FROM reading_row WHERE stream IN (SELECT key FROM stream) AND time >= $1 AND time < $2 RETURNING spool, stream, sequence",
        reader =>
        {
            gone(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            return Task.CompletedTask;
        },
        cancellationToken,
        fromMs,
        toMs);

    public Task<long> TidyAsync(DateTimeOffset now, DateTimeOffset? compactBefore, CancellationToken cancellationToken) => Task.FromResult(0L);

    // sqlite.org/rescode.html. A missing table or column is the general SQLITE_ERROR, and only its text says so.
    public StoreFault Judge(DbException failure) => failure is not SqliteException sqlite ? StoreFault.Away : sqlite.SqliteErrorCode switch
    {
        raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_RANGE => StoreFault.Data,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StoreFault.Conflict,
        raw.SQLITE_FULL => StoreFault.DiskFull,
        raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_CANTOPEN => StoreFault.PermissionDenied,
        raw.SQLITE_READONLY => StoreFault.ReadOnly,
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => StoreFault.Damaged,
        raw.SQLITE_ERROR when sqlite.Message.Contains("no such", StringComparison.Ordinal) || sqlite.Message.Contains("has no column", StringComparison.Ordinal) => StoreFault.SchemaGone,
        _ => StoreFault.Away,
    };

    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        // Whoever writes right now finishes first.
        await writer.WaitAsync();
        rowWriter.Dispose();
        await connection.DisposeAsync();
        writer.Dispose();
    }

    // Two databases with one id would both ack; a bridge that still runs on the old file must not.
    static void RefuseMoved(string path, string target)
    {
        if (target.Length > 0)
            throw new StoreRefusedException($"The data of {path} was moved to {target}. Set store.kind to postgres and store.connection to that database; keep the file until you trust the new one.");
    }

    ValueTask Release()
    {
        writer.Release();
        return ValueTask.CompletedTask;
    }

    static async Task<long> VersionAsync(SqliteConnection connection, CancellationToken cancellationToken) =>
        await TextAsync(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'", cancellationToken) == "0"
            ? 0
            : long.Parse(await TextAsync(connection, "SELECT version FROM schema_version", cancellationToken), System.Globalization.CultureInfo.InvariantCulture);

    static Task CreateAsync(SqliteConnection connection, CancellationToken cancellationToken) => RunAsync(
        connection,
        $"""
        BEGIN IMMEDIATE;
        {StoreSchema.For("INTEGER PRIMARY KEY AUTOINCREMENT", SqliteSchema.Bytes, SqliteSchema.Readings, Hex)}
        INSERT INTO schema_version VALUES ({StoreSchema.Version});
        INSERT INTO store (id, commits) VALUES ('{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}', 0);
        COMMIT;
        """,
        cancellationToken);

    static async Task RunAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class and numbers; nothing from outside.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static async Task<string> TextAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class; nothing from outside.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToString(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }
}
