using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Tls;
using Npgsql;

namespace EdgeHub.CloudBridge.Store.Postgres;

/// <summary>
/// The city's PostgreSQL. Readings go in by binary COPY inside the ledger's transaction, and that transaction asks for a
/// synchronous commit itself, whatever the server's default is. A server that does not sync is refused.
/// </summary>
public sealed class PostgresStore : IReadingStore
{
    // Any number, but ours: two bridges that start together make one schema.
    const long SchemaLock = 0x45646765487562;
    const int AutoPrepareMax = 64;
    const string Hex = "encode(p.id, 'hex')";

    readonly NpgsqlDataSource source;

    PostgresStore(NpgsqlDataSource source, string description, string storeId, string? advice)
    {
        Advice = advice;
        this.source = source;
        Description = description;
        StoreId = storeId;
    }

    public string StoreId { get; }

    public string Description { get; }

    public string? Advice { get; }

    /// <summary>Connects, checks the server, and makes the schema where there is none.</summary>
    /// <exception cref="StoreRefusedException">The server would lose what it committed.</exception>
    /// <exception cref="NewerFormatException">The schema is another program's.</exception>
    public static async Task<PostgresStore> OpenAsync(StoreOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var source = Source(options, time);
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        var description = string.Create(CultureInfo.InvariantCulture, $"PostgreSQL {settings.Host}:{settings.Port}/{settings.Database}");
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            foreach (var setting in new[] { "fsync", "full_page_writes" })
                if (await TextAsync(connection, $"SHOW {setting}", cancellationToken) != "on")
                    throw new StoreRefusedException($"{description} runs with {setting} off and would lose committed readings in a power cut. Set {setting} = on in postgresql.conf and reload the server.");
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await RunAsync(connection, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancellationToken);
            var version = await TextAsync(connection, "SELECT to_regclass('schema_version') IS NOT NULL", cancellationToken) == "True"
                ? int.Parse(await TextAsync(connection, "SELECT version FROM schema_version", cancellationToken), CultureInfo.InvariantCulture)
                : 0;
            if (version > StoreSchema.Version)
                throw new NewerFormatException(description, version, StoreSchema.Version);
            if (version == 0)
                await CreateAsync(connection, cancellationToken);
            else if (version < StoreSchema.Version)
                await RunAsync(connection, StoreSchema.From(version, PostgresSchema.Bytes, PostgresSchema.ToOverheard, PostgresSchema.ToDays, Hex), cancellationToken);
            await RunAsync(connection, PostgresRoles.Ensure, cancellationToken);
            var advice = await TextAsync(connection, PostgresRoles.Missing, cancellationToken) == "True" ? PostgresRoles.Advice : null;
            var id = await TextAsync(connection, "SELECT id FROM store", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return await ReadyAsync(source, description, id, advice, isNew: version == 0, time, cancellationToken);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public async Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            // A server set to remote_apply promises more than "on" and keeps its word.
            await RunAsync(connection, "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')", cancellationToken);
            return new StoreTransaction(transaction, namedParameters: false, lockRows: " FOR UPDATE", connection.DisposeAsync);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<StoreTransaction> BeginSnapshotAsync(CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            // Partitions come and go for every snapshot at once; while this one looks, none does. The lock comes before the snapshot's moment.
            await RunAsync(connection, "SET TRANSACTION READ ONLY; LOCK TABLE reading_row, reading_hour IN ACCESS SHARE MODE", cancellationToken);
            return new StoreTransaction(transaction, namedParameters: false, lockRows: "", connection.DisposeAsync);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public object RowTime(long unixMs) => DateTime.UnixEpoch.AddMilliseconds(unixMs);

    public async Task WriteRowsAsync(StoreTransaction transaction, IReadOnlyList<ReadingRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        // Its end tells the server to take the rows; when it is left early, the transaction is rolled back.
        await using var copy = await ((NpgsqlConnection)transaction.Connection).BeginRawBinaryCopyAsync("COPY reading_row (stream, time, value, quality, spool, sequence, historical, overheard) FROM STDIN (FORMAT BINARY)", cancellationToken);
        await PostgresRowWriter.WriteAsync(copy, rows, cancellationToken);
    }

    public Task HoldRowsAsync(StoreTransaction transaction, CancellationToken cancellationToken) => HourTable.HoldAsync(transaction, cancellationToken);

    public Task UnpackAsync(StoreTransaction transaction, long spool, long firstSequence, long lastSequence, CancellationToken cancellationToken) => HourTable.UnpackAsync(transaction, spool, firstSequence, lastSequence, cancellationToken);

    public Task<long?> OldestAsync(StoreTransaction transaction, long beforeMs, CancellationToken cancellationToken) => HourTable.OldestAsync(transaction, RowTime(beforeMs), cancellationToken);

    public Task RemoveAsync(StoreTransaction transaction, long fromMs, long toMs, Action<long, long, long> gone, CancellationToken cancellationToken) => HourTable.RemoveAsync(transaction, RowTime(fromMs), RowTime(toMs), gone, cancellationToken);

    public async Task<long> TidyAsync(DateTimeOffset now, DateTimeOffset? compactBefore, CancellationToken cancellationToken)
    {
        await DayPartitions.EnsureAsync(this, now, cancellationToken);
        var compacted = compactBefore is { } before ? await Compaction.RunAsync(this, before, cancellationToken) : 0;
        await DayPartitions.DropEmptyAsync(this, now, cancellationToken);
        return compacted;
    }

    // PostgreSQL manual, appendix A. Classes 22 (data), 23 (integrity) and 54 (limits) blame the values; 28 is the login, 3D and 3F name what is not there.
    public StoreFault Judge(DbException failure) => (failure as PostgresException)?.SqlState switch
    {
        ['2', '2' or '3', ..] or ['5', '4', ..] => StoreFault.Data,
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => StoreFault.Conflict,
        PostgresErrorCodes.DiskFull => StoreFault.DiskFull,
        PostgresErrorCodes.InsufficientPrivilege or ['2', '8', ..] => StoreFault.PermissionDenied,
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or ['3', 'D' or 'F', ..] => StoreFault.SchemaGone,
        PostgresErrorCodes.ReadOnlySqlTransaction => StoreFault.ReadOnly,
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => StoreFault.Damaged,
        _ => StoreFault.Away,
    };

    public ValueTask DisposeAsync() => source.DisposeAsync();

    // A new database has its first days before its first reading.
    static async Task<PostgresStore> ReadyAsync(NpgsqlDataSource source, string description, string id, string? advice, bool isNew, TimeProvider time, CancellationToken cancellationToken)
    {
        var store = new PostgresStore(source, description, id, advice);
        try
        {
            if (isNew)
                await DayPartitions.EnsureAsync(store, time.GetUtcNow(), cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    internal static NpgsqlDataSource Source(StoreOptions options, TimeProvider time, string application = "edgehub-bridge", int? connectionsMax = null)
    {
        var builder = new NpgsqlDataSourceBuilder(options.Connection);
        builder.ConnectionStringBuilder.MaxAutoPrepare = AutoPrepareMax;
        builder.ConnectionStringBuilder.ApplicationName = application;
        if (connectionsMax is { } max)
            builder.ConnectionStringBuilder.MaxPoolSize = max;
        if (options.Password is { } password)
            builder.ConnectionStringBuilder.Password = password.Reveal();
        if (!options.Tls.IsEmpty)
        {
            // Our own judgement of the server replaces the driver's, so that a refusal has a name.
            builder.ConnectionStringBuilder.SslMode = SslMode.Require;
            var host = builder.ConnectionStringBuilder.Host ?? "";
            builder.UseSslClientAuthenticationOptionsCallback(tls => Check(tls, Material(options.Tls, time), host));
        }

        return builder.Build();
    }

    // The driver would only say that the certificate was rejected; the exception carries our reason to the log.
    static void Check(SslClientAuthenticationOptions tls, TlsMaterial material, string host)
    {
        material.Apply(tls, host);
        tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => material.CheckServer(certificate as X509Certificate2, chain, errors, host)
            ? true
            : throw new AuthenticationException(material.ServerFault?.ToString());
    }

    static TlsMaterial Material(TlsFiles files, TimeProvider time) =>
        TlsMaterial.Load(files, time, out var fault) ?? throw new IOException(fault?.ToString());

    static Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => RunAsync(
        connection,
        $"""
        {StoreSchema.For("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", PostgresSchema.Bytes, PostgresSchema.Readings, Hex)}
        INSERT INTO schema_version VALUES ({StoreSchema.Version});
        INSERT INTO store (id, commits) VALUES ('{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}', 0);
        """,
        cancellationToken);

    static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class and numbers; nothing from outside.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static async Task<string> TextAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class; nothing from outside.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToString(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture) ?? "";
    }
}
