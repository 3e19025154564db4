using System.Data.Common;
using EdgeHub.CloudBridge.Store.Queries;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeHub.CloudBridge.Store.Sqlite;

/// <summary>Connections that only read. In WAL mode they see the last commit and keep the writer from nothing.</summary>
public sealed class SqliteReader(string path, TimeProvider time) : IStoreReader
{
    readonly string connectionText = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
    readonly TimeProvider time = time;
    readonly SemaphoreSlim readers = new(IStoreReader.ReadersMax, IStoreReader.ReadersMax);

    public string TimeColumn => "time_ms";

    public string? HourColumn => null;

    public string TimeMs => "time_ms";

    public object Time(long unixMs) => unixMs;

    public bool IsTooLong(DbException failure) => failure is SqliteException { SqliteErrorCode: raw.SQLITE_INTERRUPT };

    public async Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        await readers.WaitAsync(cancellationToken);
#pragma warning disable CA2000 // The transaction's end is its end.
        var question = new Question(this, cancellationToken);
#pragma warning restore CA2000
        try
        {
            return question.Begin();
        }
        catch
        {
            await question.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        readers.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One connection. SQLite works on the thread that asks and knows no token; another thread tells it to stop.</summary>
    sealed class Question : IAsyncDisposable
    {
        readonly SqliteReader reader;
        readonly SqliteConnection connection;
        readonly CancellationTokenSource limit;
        readonly CancellationTokenSource either;
        CancellationTokenRegistration stop;

        public Question(SqliteReader reader, CancellationToken cancellationToken)
        {
            this.reader = reader;
            connection = new SqliteConnection(reader.connectionText);
            limit = new CancellationTokenSource(IStoreReader.LongestQuery, reader.time);
            either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        }

        public StoreTransaction Begin()
        {
            connection.Open();
            var handle = connection.Handle;
            stop = either.Token.Register(() => raw.sqlite3_interrupt(handle));
            return new StoreTransaction(connection.BeginTransaction(deferred: true), namedParameters: true, lockRows: "", DisposeAsync);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.DisposeAsync();
            either.Dispose();
            limit.Dispose();
            await connection.DisposeAsync();
            reader.readers.Release();
        }
    }
}
