using System.Data.Common;
using System.Globalization;

namespace EdgeHub.CloudBridge.Store;

/// <summary>
/// One transaction and plain SQL with <c>$1</c>, <c>$2</c>, … that both engines take. Every text it is given is a
/// constant of this room; what comes from outside travels as parameters only.
/// </summary>
public sealed class StoreTransaction : IAsyncDisposable
{
    readonly DbTransaction transaction;
    readonly bool namedParameters;
    readonly Func<ValueTask> release;

    /// <param name="namedParameters">SQLite calls a parameter <c>$1</c>; PostgreSQL counts them.</param>
    /// <param name="lockRows">What a SELECT ends with to lock its rows; empty where one writer has the whole database.</param>
    /// <param name="release">Gives the connection back.</param>
    public StoreTransaction(DbTransaction transaction, bool namedParameters, string lockRows, Func<ValueTask> release)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        this.transaction = transaction;
        this.namedParameters = namedParameters;
        this.release = release;
        LockRows = lockRows;
        Connection = transaction.Connection ?? throw new ArgumentException("The transaction has ended.", nameof(transaction));
    }

    public DbConnection Connection { get; }

    public string LockRows { get; }

    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first column of the first row, or null without a row.</summary>
    public async Task<long?> NumberAsync(string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = Command(sql, values);
        var value = await command.ExecuteScalarAsync(cancellationToken);
        return value is null or DBNull ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
    }

    public async Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params object?[] values)
    {
        ArgumentNullException.ThrowIfNull(read);
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Row by row, for what does not fit in memory.</summary>
    public async Task ReadAsync(string sql, Func<DbDataReader, Task> take, CancellationToken cancellationToken, params object?[] values)
    {
        ArgumentNullException.ThrowIfNull(take);
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            await take(reader);
    }

    public Task CommitAsync(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

    /// <summary>Rolls back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await release();
    }

    DbCommand Command(string sql, object?[] values)
    {
        var command = Connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Constants of this room: see the summary.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            if (namedParameters)
                parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i + 1}");
            parameter.Value = values[i] ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
