using System.Data.Common;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>
/// Reading beside the writers, for whoever asks the city. Connections of its own, at most <see cref="ReadersMax"/> at once; each sees one
/// moment, writes nothing, and is given up after <see cref="LongestQuery"/>. Nobody's question holds back a commit.
/// </summary>
public interface IStoreReader : IAsyncDisposable
{
    const int ReadersMax = 4;

    static readonly TimeSpan LongestQuery = TimeSpan.FromSeconds(30);

    /// <summary>The view's column that compares with <see cref="Time"/>, so that an index serves it.</summary>
    string TimeColumn { get; }

    /// <summary>The same as a number of Unix milliseconds.</summary>
    string TimeMs { get; }

    object Time(long unixMs);

    /// <summary>The hour of a reading, by which packed ones are found; null where none are packed.</summary>
    string? HourColumn { get; }

    /// <summary>A transaction that sees one moment; it ends by itself when it takes too long.</summary>
    Task<StoreTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Whether this is the end of a question that took too long.</summary>
    bool IsTooLong(DbException failure);
}
