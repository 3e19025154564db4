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
    const string Bytes = "BYTEA";

    const string RowTables =
        """
        CREATE TABLE reading_row (stream INT NOT NULL, time TIMESTAMPTZ NOT NULL, value DOUBLE PRECISION, quality SMALLINT NOT NULL, spool INT NOT NULL, sequence BIGINT NOT NULL, historical BOOLEAN NOT NULL, overheard BOOLEAN NOT NULL DEFAULT FALSE);
        CREATE INDEX reading_row_stream_time ON reading_row (stream, time);
        CREATE INDEX reading_row_time ON reading_row USING brin (time);

        """;

    const string Columns =
        """
        g.id AS gateway, s.sensor, s.quantity, s.unit, s.site, s.area, CASE s.class WHEN 1 THEN 'urgent' ELSE 'normal' END AS class, s.classification,
            r.time, r.value, r.quality, CASE WHEN r.quality < 64 THEN 'good' WHEN r.quality < 128 THEN 'uncertain' ELSE 'bad' END AS grade,
            encode(p.id, 'hex') AS spool, r.sequence, r.historical
        """;

    const string Sources = "reading_row r JOIN stream s ON s.key = r.stream JOIN gateway g ON g.key = s.gateway JOIN spool p ON p.key = r.spool";

    // What two boxes on one bus both have is there twice: reading shows it as the box has it that asked. Replaced, not dropped: its grants and what is built on it stay.
    const string Views =
        $"""
        CREATE OR REPLACE VIEW reading AS SELECT {Columns} FROM {Sources} WHERE NOT r.overheard;
        CREATE VIEW reading_all AS SELECT {Columns}, CASE WHEN r.overheard THEN 'overheard' ELSE 'active' END AS origin FROM {Sources};
        """;

    const string ToOverheard = $"ALTER TABLE reading_row ADD COLUMN overheard BOOLEAN NOT NULL DEFAULT FALSE; {Views}";

    readonly NpgsqlDataSource source;

    PostgresStore(NpgsqlDataSource source, string description, string storeId)
    {
        this.source = source;
        Description = description;
        StoreId = storeId;
    }

    public string StoreId { get; }

    public string Description { get; }

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
                await RunAsync(connection, StoreSchema.From(version, Bytes, ToOverheard), cancellationToken);
            var id = await TextAsync(connection, "SELECT id FROM store", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new PostgresStore(source, description, id);
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
            await RunAsync(connection, "SET TRANSACTION READ ONLY", cancellationToken);
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
        {StoreSchema.For("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", Bytes, RowTables + Views)}
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
