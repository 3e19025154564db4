using System.Buffers.Binary;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>The ledger in the database: spools, ranges per state, and the hashes that prove what was delivered.</summary>
static class LedgerTable
{
    public const int ShortHashSize = 8;

    /// <summary>Records in one row of hashes, so that a lookup reads few rows.</summary>
    public const int RecordsPerRunMax = 1024;

    public static async Task<long> GatewayAsync(StoreTransaction transaction, string gateway, CancellationToken cancellationToken)
    {
        const string find = "SELECT key FROM gateway WHERE id = $1";
        if (await transaction.NumberAsync(find, cancellationToken, gateway) is { } key)
            return key;
        await transaction.ExecuteAsync("INSERT INTO gateway (id) VALUES ($1) ON CONFLICT DO NOTHING", cancellationToken, gateway);
        return await transaction.NumberAsync(find, cancellationToken, gateway) ?? throw new InvalidOperationException("The gateway's row is not there after its insert.");
    }

    /// <summary>The spool's row, locked until the transaction ends; created when it is new.</summary>
    public static async Task<SpoolRow> LockSpoolAsync(StoreTransaction transaction, long gateway, SpoolId spool, SpoolClass spoolClass, long nowMs, CancellationToken cancellationToken)
    {
        var find = "SELECT key, class, head, records, readings FROM spool WHERE gateway = $1 AND id = $2" + transaction.LockRows;
        for (var created = false; ; created = true)
        {
            var rows = await transaction.QueryAsync(
                find,
                reader => new SpoolRow(gateway, (int)reader.GetInt64(0), (SpoolClass)reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)),
                cancellationToken,
                gateway,
                spool.ToByteArray());
            if (rows.Count > 0)
                return rows[0];
            if (created)
                throw new InvalidOperationException("The spool's row is not there after its insert.");
            await transaction.ExecuteAsync(
                "INSERT INTO spool (gateway, id, class, head, records, readings, first_seen, last_seen) VALUES ($1, $2, $3, 0, 0, 0, $4, $4) ON CONFLICT DO NOTHING",
                cancellationToken,
                gateway,
                spool.ToByteArray(),
                (long)spoolClass,
                nowMs);
        }
    }

    public static Task<long?> FindSpoolAsync(StoreTransaction transaction, string gateway, SpoolId spool, CancellationToken cancellationToken) =>
        transaction.NumberAsync("SELECT p.key FROM spool p JOIN gateway g ON g.key = p.gateway WHERE g.id = $1 AND p.id = $2", cancellationToken, gateway, spool.ToByteArray());

    /// <summary>The same spool under the names of other gateways.</summary>
    public static Task<List<long>> NamesakesAsync(StoreTransaction transaction, SpoolId spool, long? key, CancellationToken cancellationToken) =>
        transaction.QueryAsync("SELECT key FROM spool WHERE id = $1 AND key <> $2", reader => reader.GetInt64(0), cancellationToken, spool.ToByteArray(), key ?? -1);

    public static Task SaveSpoolAsync(StoreTransaction transaction, SpoolRow row, RecordHash? headChain, long nowMs, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(
            "UPDATE spool SET head = $2, head_chain = coalesce($3, head_chain), records = $4, readings = $5, last_seen = $6 WHERE key = $1",
            cancellationToken,
            (long)row.Key,
            row.Head,
            headChain?.ToByteArray(),
            row.Records,
            row.Readings,
            nowMs);

    public static async Task<SpoolLedger> LoadAsync(StoreTransaction transaction, long spool, CancellationToken cancellationToken)
    {
        var ledger = new SpoolLedger();
        var rows = await transaction.QueryAsync(
            "SELECT state, first, last FROM ledger_range WHERE spool = $1 ORDER BY state, first",
            reader => ((RecordState)reader.GetInt64(0), new NumberRange((ulong)reader.GetInt64(1), (ulong)reader.GetInt64(2))),
            cancellationToken,
            spool);
        foreach (var (state, range) in rows)
            ledger.Load(state, range);
        return ledger;
    }

    /// <summary>Writes what differs between <paramref name="before"/> and the ledger: mostly one range that grew.</summary>
    public static async Task SaveAsync(StoreTransaction transaction, long spool, HashSet<(RecordState State, NumberRange Range)> before, SpoolLedger ledger, CancellationToken cancellationToken)
    {
        var after = ledger.Rows().ToHashSet();
        var firsts = after.Select(row => (row.State, row.Range.First)).ToHashSet();
        foreach (var (state, range) in before)
            if (!firsts.Contains((state, range.First)))
                await transaction.ExecuteAsync("DELETE FROM ledger_range WHERE spool = $1 AND state = $2 AND first = $3", cancellationToken, spool, (long)state, (long)range.First);
        foreach (var (state, range) in after)
            if (!before.Contains((state, range)))
                await transaction.ExecuteAsync(
                    "INSERT INTO ledger_range (spool, state, first, last) VALUES ($1, $2, $3, $4) ON CONFLICT (spool, state, first) DO UPDATE SET last = excluded.last",
                    cancellationToken,
                    spool,
                    (long)state,
                    (long)range.First,
                    (long)range.Last);
    }

    /// <summary>Keeps the hashes of records that are new in the ledger, given in ascending order.</summary>
    public static async Task AddHashesAsync(StoreTransaction transaction, long spool, IReadOnlyList<DeliveredRecord> added, long nowMs, CancellationToken cancellationToken)
    {
        for (var start = 0; start < added.Count;)
        {
            var end = start + 1;
            while (end < added.Count && end - start < RecordsPerRunMax && added[end].Number == added[end - 1].Number + 1)
                end++;
            var hashes = new byte[(end - start) * ShortHashSize];
            for (var i = start; i < end; i++)
                BinaryPrimitives.WriteUInt64BigEndian(hashes.AsSpan((i - start) * ShortHashSize), added[i].Hash.A);
            var extent = RunExtent.Of(added, start, end);
            await transaction.ExecuteAsync(
                "INSERT INTO record_hash (spool, first, last, hashes, chain, committed, first_sequence, last_sequence, first_time, last_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                cancellationToken,
                spool,
                (long)added[start].Number,
                (long)added[end - 1].Number,
                hashes,
                added[end - 1].Chain.ToByteArray(),
                nowMs,
                extent.FirstSequence,
                extent.LastSequence,
                extent.FirstTimeMs,
                extent.LastTimeMs);
            start = end;
        }
    }

    /// <summary>The run that holds a block reaches at least from its first reading to its last.</summary>
    public static Task WidenAsync(StoreTransaction transaction, int spool, DeliveredRecord record, (long FirstMs, long LastMs) times, CancellationToken cancellationToken)
    {
        var sequence = (long)record.Content!.Block.FirstSequence;
        return transaction.ExecuteAsync(
            """
            UPDATE record_hash SET
                first_time = CASE WHEN first_time < $3 THEN first_time ELSE $3 END,
                last_time = CASE WHEN last_time > $4 THEN last_time ELSE $4 END,
                first_sequence = CASE WHEN first_sequence = 0 OR first_sequence > $5 THEN $5 ELSE first_sequence END,
                last_sequence = CASE WHEN last_sequence < $6 THEN $6 ELSE last_sequence END
            WHERE spool = $1 AND first <= $2 AND last >= $2
            """,
            cancellationToken,
            (long)spool,
            (long)record.Number,
            times.FirstMs,
            times.LastMs,
            sequence,
            sequence + record.Readings!.Count - 1);
    }

    public static async Task<HashRuns> HashesAsync(StoreTransaction transaction, long spool, NumberRange range, CancellationToken cancellationToken) => new(
        await transaction.QueryAsync(
            "SELECT first, last, hashes, chain FROM record_hash WHERE spool = $1 AND first > $2 AND first <= $3 AND last >= $4 ORDER BY first",
            reader => new HashRun(new NumberRange((ulong)reader.GetInt64(0), (ulong)reader.GetInt64(1)), reader.IsDBNull(2) ? [] : (byte[])reader[2], RecordHash.Read((byte[])reader[3])),
            cancellationToken,
            spool,
            (long)range.First - RecordsPerRunMax,
            (long)range.Last,
            (long)range.First));

    /// <summary>Drops the short hashes of what was committed before; each run's chain value stays and still proves the run.</summary>
    public static Task<int> PruneHashesAsync(StoreTransaction transaction, long beforeMs, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("UPDATE record_hash SET hashes = NULL WHERE committed < $1 AND hashes IS NOT NULL", cancellationToken, beforeMs);
}
