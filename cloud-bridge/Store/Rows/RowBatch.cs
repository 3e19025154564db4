using System.Runtime.InteropServices;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.CloudBridge.Store.Outgoing;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>The rows of one transaction, and the newest of each topic among them.</summary>
sealed class RowBatch
{
    /// <summary>2000-01-01 and 9999-12-31: a row outside is a broken clock's, not a reading's time.</summary>
    public const long TimeMsMin = 946_684_800_000, TimeMsMax = 253_402_300_799_999;

    readonly List<ReadingRow> rows = [];
    readonly List<ReadingRow> urgent = [];
    readonly Dictionary<string, ReadingRow> newest = new(StringComparer.Ordinal);
    readonly HashSet<string> urgentTopics = new(StringComparer.Ordinal);
    long horizonMs;

    public IReadOnlyList<ReadingRow> Rows => rows;

    /// <summary>Rows that a city topic could show: neither back-fill nor urgent nor overheard.</summary>
    public int LiveCount { get; private set; }

    /// <summary>The newest time of the block that was added last.</summary>
    public long NewestMs { get; private set; }

    /// <param name="horizonMs">What lies behind it no topic shows.</param>
    public void Clear(long horizonMs)
    {
        this.horizonMs = horizonMs;
        rows.Clear();
        LiveCount = 0;
        urgent.Clear();
        newest.Clear();
        urgentTopics.Clear();
    }

    /// <summary>Adds a block's readings. On a reason nothing was added: a record is all or nothing.</summary>
    public string? TryAdd(SpoolRow spool, DeliveredRecord record, StreamKey[] streams, BootClock clock)
    {
        var unixOffsetMs = clock.UnixOffsetMs;
        var readings = CollectionsMarshal.AsSpan((List<Reading>)record.Readings!);
        if (Check(readings, streams.Length, unixOffsetMs) is { } fault)
            return fault;
        var historical = record.Lane == Lane.Backlog;
        var isUrgent = record.Class == SpoolClass.Urgent;
        var sequence = (long)record.Content!.Block.FirstSequence;
        NewestMs = 0;
        rows.EnsureCapacity(rows.Count + readings.Length);
        ReadingRow best = default;
        var stream = -1;
        foreach (ref readonly var reading in readings)
        {
            if (reading.Stream != stream)
            {
                Offer(streams, stream, best, isUrgent);
                (stream, best) = (reading.Stream, default);
            }

            var row = new ReadingRow(streams[stream].Key, spool.Key, sequence++, unixOffsetMs + reading.BootTimeMs, reading.Value, clock.IsBounded && reading.Quality == Quality.Good ? Quality.UncertainTime : reading.Quality, historical, reading.Origin == Origin.Overheard);
            rows.Add(row);
            NewestMs = Math.Max(NewestMs, row.TimeMs);
            if (row.Overheard)
                continue;
            if (!historical && !isUrgent)
                LiveCount++;
            if (row.TimeMs > best.TimeMs && row.TimeMs <= horizonMs)
                best = row;
            if (isUrgent)
                urgent.Add(row);
        }

        Offer(streams, stream, best, isUrgent);
        return null;
    }

    /// <summary>Writes rows and outbox; the counter's row is locked from here to the commit, so this comes last.</summary>
    public async Task WriteAsync(IReadingStore store, StoreTransaction transaction, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return;
        await store.WriteRowsAsync(transaction, rows, cancellationToken);
        var commit = await OutboxTable.NextCommitAsync(transaction, cancellationToken);
        foreach (var (topic, row) in newest)
            await OutboxTable.AddLatestAsync(transaction, topic, row, urgentTopics.Contains(topic), commit, horizonMs, cancellationToken);
        foreach (var row in urgent)
            await OutboxTable.AddUrgentAsync(transaction, row, commit, cancellationToken);
    }

    // What was overheard alone offers nothing. Back-fill publishes no old values: what came by the backlog lane never becomes a topic's newest, unless it is urgent.
    void Offer(StreamKey[] streams, int stream, ReadingRow row, bool isUrgent)
    {
        if (row.TimeMs == 0 || (row.Historical && !isUrgent))
            return;
        var topic = streams[stream].Topic;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(newest, topic, out _);
        if (row.TimeMs > known.TimeMs)
            known = row;
        if (isUrgent)
            urgentTopics.Add(topic);
    }

    static string? Check(ReadOnlySpan<Reading> readings, int streamCount, long unixOffsetMs)
    {
        foreach (ref readonly var reading in readings)
        {
            if (reading.Stream >= streamCount)
                return $"the block names stream {reading.Stream} and its catalog has {streamCount}";
            if (reading.BootTimeMs < 0 || unixOffsetMs > TimeMsMax - reading.BootTimeMs || unixOffsetMs + reading.BootTimeMs < TimeMsMin)
                return "a reading's time is not between the years 2000 and 9999";
        }

        return null;
    }
}
