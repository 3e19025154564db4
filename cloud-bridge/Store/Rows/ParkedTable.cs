using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>
/// Blocks that cannot become rows yet: their boot has no clock, or their catalog is still on its way in another lane.
/// They are kept and acked as they are, and become rows when what they wait for arrives.
/// </summary>
static class ParkedTable
{
    public static Task AddAsync(StoreTransaction transaction, SpoolRow spool, DeliveredRecord record, Block block, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(
            "INSERT INTO parked (spool, number, gateway, catalog, boot, lane, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            cancellationToken,
            (long)spool.Key,
            (long)record.Number,
            spool.Gateway,
            (long)block.CatalogNumber,
            block.ClockQuality == ClockQuality.None ? block.BootId.ToByteArray() : null,
            (long)record.Lane,
            record.Bytes.ToArray());

    /// <summary>Parked blocks whose catalog and clock are both known by now, oldest first.</summary>
    public static Task<List<ParkedBlock>> ReadyAsync(StoreTransaction transaction, int countMax, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            """
            SELECT k.spool, k.number, k.gateway, k.lane, k.bytes, p.id, p.class, g.id
            FROM parked k JOIN spool p ON p.key = k.spool JOIN gateway g ON g.key = k.gateway
            WHERE (k.boot IS NULL OR EXISTS (SELECT 1 FROM clock_fix f WHERE f.gateway = k.gateway AND f.boot = k.boot))
                AND EXISTS (SELECT 1 FROM side_record s WHERE s.spool = k.spool AND s.number = k.catalog AND s.kind = 'catalog')
            ORDER BY k.spool, k.number LIMIT $1
            """ + (transaction.LockRows.Length > 0 ? " FOR UPDATE OF k SKIP LOCKED" : ""),
            reader =>
            {
                var bytes = (byte[])reader[4];
                return new ParkedBlock(
                    new SpoolRow(reader.GetInt64(2), (int)reader.GetInt64(0), (SpoolClass)reader.GetInt64(6), 0, 0, 0),
                    DeliveredRecord.Decode(reader.GetString(7), SpoolId.Read((byte[])reader[5]), (SpoolClass)reader.GetInt64(6), (Lane)reader.GetInt64(3), (ulong)reader.GetInt64(1), bytes, RecordHash.Of(bytes), RecordHash.Zero));
            },
            cancellationToken,
            (long)countMax);

    public static Task RemoveAsync(StoreTransaction transaction, int spool, ulong number, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("DELETE FROM parked WHERE spool = $1 AND number = $2", cancellationToken, (long)spool, (long)number);
}
