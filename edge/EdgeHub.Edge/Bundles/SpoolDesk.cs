using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Edge.Uplink;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Bundles;

/// <summary>The desk at the spool itself. What goes out by it goes by the backlog lane: it is old by the time it arrives.</summary>
/// <param name="settle">Passes an ack to whoever judges acks; null as an answer: it is of a foreign store.</param>
/// <param name="boundTo">The store whose acks count.</param>
sealed class SpoolDesk(string gateway, Spools spools, SpoolDoor door, Func<Ack, Task<ReleaseResult?>> settle, Func<string?> boundTo, ILogger logger, TimeProvider time) : ISpoolDesk
{
    const int RecordBytesMax = 512 << 10;

    /// <summary>A commit is counted an instant after it is durable: what differs then is looked at again.</summary>
    const int LooksMax = 5;

    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    readonly EnvelopePacker packer = new(gateway, door, WireLimits.RecordsPerEnvelopeMax, logger);
    readonly SemaphoreSlim turn = new(1, 1);

    public Task<IReadOnlyList<DeskSpool>> SpoolsAsync(CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<DeskSpool>>([.. spools.Views().Where(view => view.Class is SpoolClass.Urgent or SpoolClass.Normal)
            .Select(view => new DeskSpool(gateway, view.Id.ToString(), view.Head, view.Waiting, [.. spools.Held(view.Id)]))]);

    public async Task<byte[]?> PackAsync(SpoolId spool, NumberRange numbers, CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            return packer.Pack(spool, numbers, Lane.Backlog, RecordBytesMax)?.Payload;
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<DeskAnswer> SettleAsync(Ack ack, CancellationToken stop) =>
        await settle(ack) is { } result ? new DeskAnswer(result.Outcome.ToString(), result.Records, boundTo()) : new DeskAnswer(DeskAnswer.ForeignStore, 0, boundTo());

    /// <summary>The Recorder's counts; null while none runs.</summary>
    public RecorderCounts? Counts { get; init; }

    public Func<IReadOnlyList<Unread>> Unread { get; init; } = () => [];

    public async Task<BoxBooks> BooksAsync(CancellationToken stop)
    {
        var books = spools.Books(gateway, Counts, Unread());
        for (var looks = 1; books.Difference is not null && looks < LooksMax; looks++)
        {
            await Task.Delay(LookAgain, time, stop);
            books = spools.Books(gateway, Counts, Unread());
        }

        return books;
    }

    public ValueTask DisposeAsync()
    {
        packer.Dispose();
        turn.Dispose();
        return ValueTask.CompletedTask;
    }
}
