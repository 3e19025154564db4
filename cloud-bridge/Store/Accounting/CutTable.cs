using System.Data.Common;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>The cuts in the database. Their counts are not copied: they are read from the record that told them.</summary>
static class CutTable
{
    public const string Kind = "books";

    const string Columns = "c.gateway, c.spool, c.last_number, c.last_sequence, c.at, c.state, s.bytes FROM books_cut c JOIN side_record s ON s.spool = c.told_by AND s.number = c.told_in";

    public static Task AddAsync(StoreTransaction transaction, SpoolRow spool, SpoolId own, ulong number, Books books, long nowMs, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(
            "INSERT INTO books_cut (gateway, spool, last_number, last_sequence, told_by, told_in, at, state, due, text) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $7, '') ON CONFLICT DO NOTHING",
            cancellationToken,
            spool.Gateway,
            books.Spool.IsEmpty ? own.ToByteArray() : books.Spool.ToByteArray(),
            (long)Math.Min(books.Spool.IsEmpty ? number - 1 : books.LastNumber, long.MaxValue),
            (long)Math.Min(books.LastSequence, long.MaxValue),
            (long)spool.Key,
            (long)number,
            nowMs);

    /// <summary>Cuts that are not balanced and are to be looked at now, the longest due first.</summary>
    public static Task<List<Cut>> DueAsync(StoreTransaction transaction, long nowMs, int countMax, CancellationToken cancellationToken) =>
        transaction.QueryAsync($"SELECT {Columns} WHERE c.state <> 1 AND c.due <= $1 ORDER BY c.due LIMIT $2", Read, cancellationToken, nowMs, (long)countMax);

    /// <summary>The nearest cut before this one; the beginning of the spool where there is none.</summary>
    public static async Task<Cut> BeforeAsync(StoreTransaction transaction, Cut cut, CancellationToken cancellationToken)
    {
        var before = await transaction.QueryAsync($"SELECT {Columns} WHERE c.gateway = $1 AND c.spool = $2 AND c.last_number < $3 ORDER BY c.last_number DESC LIMIT 1", Read, cancellationToken, cut.Gateway, cut.Spool.ToByteArray(), cut.LastNumber);
        return before.Count > 0 ? before[0] : Cut.Beginning(cut.Gateway, cut.Spool);
    }

    public static Task<List<Cut>> OfAsync(StoreTransaction transaction, long gateway, CancellationToken cancellationToken) =>
        transaction.QueryAsync($"SELECT {Columns} WHERE c.gateway = $1 ORDER BY c.spool, c.last_number", Read, cancellationToken, gateway);

    public static async Task<long> CountAsync(StoreTransaction transaction, CutState state, CancellationToken cancellationToken) =>
        await transaction.NumberAsync("SELECT count(*) FROM books_cut WHERE state <> 1 AND state = $1", cancellationToken, (long)state) ?? 0;

    /// <summary>Notes a verdict, unless somebody has judged or reopened the cut since it was read.</summary>
    public static async Task<bool> SaveAsync(StoreTransaction transaction, Cut cut, CutState state, string text, long dueMs, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE books_cut SET state = $4, text = $5, due = $6 WHERE gateway = $1 AND spool = $2 AND last_number = $3 AND state = $7",
            cancellationToken,
            cut.Gateway,
            cut.Spool.ToByteArray(),
            cut.LastNumber,
            (long)state,
            text,
            dueMs,
            (long)cut.State) > 0;

    /// <summary>Records of a spool were taken out, to come again: its cuts are open again.</summary>
    public static Task ReopenAsync(StoreTransaction transaction, long spool, long nowMs, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("UPDATE books_cut SET state = 0, due = $2 WHERE (gateway, spool) IN (SELECT gateway, id FROM spool WHERE key = $1)", cancellationToken, spool, nowMs);

    static Cut Read(DbDataReader reader)
    {
        var books = RecordCodec.TryDecode((byte[])reader[6], out _)?.Books ?? new Books();
        return new Cut(reader.GetInt64(0), SpoolId.Read((byte[])reader[1]), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), (CutState)reader.GetInt64(5), books.Recorded, books.Unread);
    }
}
