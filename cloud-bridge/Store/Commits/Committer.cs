using System.Data.Common;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace EdgeHub.CloudBridge.Store.Commits;

/// <summary>
/// Records to the database, each once. Invariants:
/// <list type="bullet">
/// <item>Readings, ledger and outbox of a batch are one transaction; an ack is made only after its commit.</item>
/// <item>The spool's row is locked before its ledger is read, and spools are locked in key order.</item>
/// <item>A number in the ledger is never written again; other bytes under it are an alarm and are not acked.</item>
/// <item>A record is all or nothing. When the database refuses a batch's data the batch is halved until the record at
/// fault stands alone; that one is kept raw, set aside, and acked as such.</item>
/// </list>
/// </summary>
public sealed partial class Committer(IReadingStore store, TimeProvider time, ILogger<Committer> logger)
{
    const int UnparkBlocksMax = 256;
    const int ConflictRetriesMax = 10;
    static readonly TimeSpan ConflictDelay = TimeSpan.FromMilliseconds(20);

    readonly ResiliencePipeline conflicts = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<DbException>(failure => store.Judge(failure) == StoreFault.Conflict),
            MaxRetryAttempts = ConflictRetriesMax,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = ConflictDelay,
        })
        .Build();

    readonly StreamCache streams = new();
    readonly ActiveOverlaps overlaps = new();
    readonly AheadClocks ahead = new();
    readonly RowBatch rows = new();

    public IReadingStore Store => store;

    /// <summary>Commits records and dead letters. Throws only when the database is unreachable; then nothing counts as delivered.</summary>
    public async Task<CommitResult> CommitAsync(IReadOnlyList<DeliveredRecord> records, IReadOnlyList<DeadLetter> letters, IReadOnlyList<StoreEvent> events, CancellationToken cancellationToken)
    {
        var sorted = InKeyOrder(records);
        var work = new CommitTally();
        await SplitAsync(sorted, replay: false, work, cancellationToken);
        if (letters.Count + events.Count > 0)
            await KeepAsync(letters, events, cancellationToken);
        if (work.MayUnpark)
            await UnparkAsync(cancellationToken);
        return work.ToResult();
    }

    /// <summary>Tries records that were set aside once more: what decodes and is accepted today becomes stored.</summary>
    public async Task<CommitResult> ReplayAsync(IReadOnlyList<DeliveredRecord> setAside, CancellationToken cancellationToken)
    {
        var work = new CommitTally();
        await SplitAsync(InKeyOrder(setAside), replay: true, work, cancellationToken);
        if (work.MayUnpark)
            await UnparkAsync(cancellationToken);
        return work.ToResult();
    }

    /// <summary>Turns parked blocks into rows whose catalog and clock are known by now. Also run at start: a crash may have come between.</summary>
    public async Task<long> UnparkAsync(CancellationToken cancellationToken)
    {
        long readings = 0;
        while (true)
        {
            await using var transaction = await store.BeginAsync(cancellationToken);
            var ready = await ParkedTable.ReadyAsync(transaction, UnparkBlocksMax, cancellationToken);
            if (ready.Count == 0)
                return readings;
            readings += await UnparkAsync(transaction, ready, cancellationToken);
        }
    }

    /// <summary>What a status says about boots that are over: blocks without a clock get the time between their neighbours.</summary>
    public async Task<IReadOnlyList<StoreEvent>> BoundAsync(GatewayStatus status, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoreEvent> events;
        await using (var transaction = await store.BeginAsync(cancellationToken))
        {
            events = await EndedBoots.BoundAsync(transaction, status, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
            if (events.Count > 0)
                await transaction.CommitAsync(cancellationToken);
        }

        if (events.Count > 0)
            await UnparkAsync(cancellationToken);
        return events;
    }

    async Task<long> UnparkAsync(StoreTransaction transaction, List<ParkedBlock> ready, CancellationToken cancellationToken)
    {
        var spoolWork = Work(transaction, replay: false);
        foreach (var block in ready)
        {
            await ParkedTable.RemoveAsync(transaction, block.Spool.Key, block.Record.Number, cancellationToken);
            var fault = block.Record.Fault ?? (await spoolWork.BlockAsync(block.Spool, block.Record, cancellationToken)).Fault;
            if (fault is not null)
                await KeptTable.AddSetAsideAsync(transaction, block.Spool.Key, block.Record, fault, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        }

        await spoolWork.NoteTimesAsync(cancellationToken);
        await rows.WriteAsync(store, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Tell(spoolWork);
        return rows.Rows.Count;
    }

    async Task SplitAsync(ArraySegment<DeliveredRecord> sorted, bool replay, CommitTally tally, CancellationToken cancellationToken)
    {
        if (sorted.Count == 0)
            return;
        try
        {
            await conflicts.ExecuteAsync(async token => await OnceAsync(sorted, replay, tally, token), cancellationToken);
        }
        catch (Exception e) when (IsDataAtFault(e))
        {
            if (sorted.Count == 1)
            {
                LogSetAside(e, sorted[0].Number, sorted[0].Spool.ToString(), sorted[0].Gateway);
                if (!replay)
                    await OnceAsync(new[] { sorted[0] with { Fault = e.Message } }, replay, tally, cancellationToken);
                return;
            }

            var half = sorted.Count / 2;
            await SplitAsync(sorted[..half], replay, tally, cancellationToken);
            await SplitAsync(sorted[half..], replay, tally, cancellationToken);
        }
    }

    async Task OnceAsync(ArraySegment<DeliveredRecord> sorted, bool replay, CommitTally tally, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await store.BeginAsync(cancellationToken);
            var work = Work(transaction, replay);
            var done = new List<SpoolOutcome>();
            for (var start = 0; start < sorted.Count;)
            {
                var end = start + 1;
                while (end < sorted.Count && sorted[end].Spool == sorted[start].Spool && sorted[end].Gateway == sorted[start].Gateway)
                    end++;
                done.Add(await work.ApplyAsync(sorted[start..end], cancellationToken));
                start = end;
            }

            await rows.WriteAsync(store, transaction, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            tally.Add(store.StoreId, done, rows.Rows.Count, rows.LiveCount);
            Tell(work);
        }
        catch
        {
            // Keys that this transaction made are gone with it.
            streams.Clear();
            overlaps.Clear();
            ahead.Clear();
            throw;
        }
    }

    SpoolCommit Work(StoreTransaction transaction, bool replay)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        rows.Clear(nowMs + AheadClocks.AheadMsMax);
        return new SpoolCommit(transaction, streams, rows, overlaps, ahead, nowMs, replay);
    }

    async Task KeepAsync(IReadOnlyList<DeadLetter> letters, IReadOnlyList<StoreEvent> events, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginAsync(cancellationToken);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var letter in letters)
            await KeptTable.AddDeadLetterAsync(transaction, letter, nowMs, cancellationToken);
        foreach (var what in events)
            await KeptTable.AddEventAsync(transaction, what, nowMs, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    void Tell(SpoolCommit work)
    {
        foreach (var found in work.TwoActive)
        {
            StoreMetrics.TwoActive.Add(1);
            LogTwoActive(found.Text);
        }

        foreach (var found in work.ClockAhead)
        {
            StoreMetrics.ClockAhead.Add(1);
            LogClockAhead(found.Text);
        }
    }

    // The database's own judgement; and what a driver refuses to send is the value's fault as well, on every try again.
    bool IsDataAtFault(Exception failure) =>
        failure is DbException database ? store.Judge(database) == StoreFault.Data : failure is ArgumentException or FormatException or OverflowException or InvalidCastException;

    static DeliveredRecord[] InKeyOrder(IReadOnlyList<DeliveredRecord> records)
    {
        var sorted = records.ToArray();
        Array.Sort(sorted, static (left, right) =>
        {
            var byGateway = string.CompareOrdinal(left.Gateway, right.Gateway);
            if (byGateway != 0)
                return byGateway;
            var bySpool = left.Spool.CompareTo(right.Spool);
            return bySpool != 0 ? bySpool : left.Number.CompareTo(right.Number);
        });
        return sorted;
    }

    [LoggerMessage(EventId = 501, Level = LogLevel.Error, Message = "{What}")]
    partial void LogTwoActive(string what);

    [LoggerMessage(EventId = 502, Level = LogLevel.Warning, Message = "{What}")]
    partial void LogClockAhead(string what);

    [LoggerMessage(EventId = 500, Level = LogLevel.Warning, Message = "The database refuses record {Number} of spool {Spool} of {Gateway}; it is kept raw as set aside.")]
    partial void LogSetAside(Exception error, ulong number, string spool, string gateway);
}
