using System.Data;
using System.Data.Common;
using System.Globalization;
using EdgeHub.CloudBridge.Store.Queries;
using Npgsql;

namespace EdgeHub.CloudBridge.Store.Postgres;

/// <summary>A small pool of its own, so that questions never wait for commits nor commits for questions; the server itself ends what takes too long.</summary>
public sealed class PostgresReader : IStoreReader
{
    readonly NpgsqlDataSource source;

    PostgresReader(NpgsqlDataSource source) => this.source = source;

    public string TimeColumn => "time";

    public string? HourColumn => "hour";

    public string TimeMs => "(extract(epoch FROM time) * 1000)::bigint";

    public static PostgresReader Open(StoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PostgresReader(PostgresStore.Source(options, time, "edgehub-bridge-api", IStoreReader.ReadersMax));
    }

    public object Time(long unixMs) => DateTime.UnixEpoch.AddMilliseconds(unixMs);

    public bool IsTooLong(DbException failure) => failure is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    public async Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A number.
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {(long)IStoreReader.LongestQuery.TotalMilliseconds}");
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new StoreTransaction(transaction, namedParameters: false, lockRows: "", connection.DisposeAsync);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
