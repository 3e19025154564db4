using EdgeHub.CloudBridge.Store.Outgoing;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>Catalogs and the other records that are not readings, kept raw; and the streams that catalogs name.</summary>
static class CatalogTable
{
    public const string CatalogKind = "catalog";

    public static Task AddSideRecordAsync(StoreTransaction transaction, int spool, ulong number, string kind, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("INSERT INTO side_record (spool, number, kind, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", cancellationToken, (long)spool, (long)number, kind, bytes.ToArray());

    /// <summary>The stored catalog of this number, or null when it has not arrived.</summary>
    public static async Task<Catalog?> FindAsync(StoreTransaction transaction, int spool, ulong number, CancellationToken cancellationToken)
    {
        var rows = await transaction.QueryAsync(
            "SELECT bytes FROM side_record WHERE spool = $1 AND number = $2 AND kind = $3",
            reader => (byte[])reader[0],
            cancellationToken,
            (long)spool,
            (long)number,
            CatalogKind);
        return rows.Count == 0 ? null : RecordCodec.TryDecode(rows[0], out _)?.Catalog;
    }

    /// <summary>Keys of the catalog's streams, in its order. A stream whose description changes gets a new row: history stays true.</summary>
    public static async Task<StreamKey[]> StreamsAsync(StoreTransaction transaction, long gateway, Catalog catalog, long nowMs, CancellationToken cancellationToken)
    {
        const string insert =
            """
            INSERT INTO stream (gateway, sensor, quantity, unit, site, area, class, classification, model, topic, first_seen)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING
            """;
        const string find =
            """
            SELECT key FROM stream WHERE gateway = $1 AND sensor = $2 AND quantity = $3 AND unit = $4 AND site = $5 AND area = $6
                AND class = $7 AND classification = $8 AND model = $9
            """;
        var keys = new StreamKey[catalog.Streams.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var stream = catalog.Streams[i];
            var site = stream.Site.Length > 0 ? stream.Site : catalog.Site;
            var topic = CityTopic.Of(catalog.Area, site, stream.Sensor, stream.Quantity);
            object?[] identity = [gateway, stream.Sensor, stream.Quantity, stream.Unit, site, catalog.Area, (long)stream.SpoolClass, stream.Classification, stream.Model];
            var key = await transaction.NumberAsync(find, cancellationToken, identity);
            if (key is null)
            {
                await transaction.ExecuteAsync(insert, cancellationToken, [.. identity, topic, nowMs]);
                key = await transaction.NumberAsync(find, cancellationToken, identity);
            }

            keys[i] = new StreamKey((int)key!.Value, topic, i == 0 || catalog.Streams[i - 1].Sensor != stream.Sensor);
        }

        return keys;
    }
}
