namespace EdgeHub.CloudBridge.Store.Upkeep;

/// <summary>What retention took out, counted by stream and interval between cuts, so that the books still balance.</summary>
static class RemovedTable
{
    public static Task AddAsync(StoreTransaction transaction, long spool, long stream, long firstSequence, long lastSequence, long readings, long nowMs, CancellationToken cancellationToken) => transaction.ExecuteAsync(
        "INSERT INTO removed (spool, stream, first_sequence, last_sequence, readings, at) VALUES ($1, $2, $3, $4, $5, $6)",
        cancellationToken,
        spool,
        stream,
        firstSequence,
        lastSequence,
        readings,
        nowMs);

    /// <summary>Removed readings of one spool that reach into an interval of its sequences: after <paramref name="after"/>, up to <paramref name="through"/>.</summary>
    public static Task<List<RemovedRun>> WithinAsync(StoreTransaction transaction, long spool, long after, long through, CancellationToken cancellationToken) => transaction.QueryAsync(
        "SELECT s.sensor, s.quantity, m.first_sequence, m.last_sequence, m.readings FROM removed m JOIN stream s ON s.key = m.stream WHERE m.spool = $1 AND m.first_sequence <= $3 AND m.last_sequence > $2",
        reader => new RemovedRun(new Accounting.StreamName(reader.GetString(0), reader.GetString(1)), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)),
        cancellationToken,
        spool,
        after,
        through);

    /// <summary>Last sequences of a spool's cuts, ascending: no run of removed readings spans one.</summary>
    public static Task<List<long>> CutsAsync(StoreTransaction transaction, long spool, CancellationToken cancellationToken) => transaction.QueryAsync(
        "SELECT c.last_sequence FROM books_cut c JOIN spool p ON p.gateway = c.gateway AND p.id = c.spool WHERE p.key = $1 ORDER BY c.last_sequence",
        reader => reader.GetInt64(0),
        cancellationToken,
        spool);
}

/// <summary>Readings of a stream that retention took out of one interval.</summary>
readonly record struct RemovedRun(Accounting.StreamName Stream, long FirstSequence, long LastSequence, long Readings);
