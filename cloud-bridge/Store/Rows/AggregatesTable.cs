using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;

namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>Minutes that stand for readings that were thinned out on the box. Kept as records beside the rows.</summary>
static class AggregatesTable
{
    public const string Kind = "aggregates";

    const ulong MinuteMs = 60_000;

    /// <summary>
    /// An original came after its tombstone: the minutes that stood for its readings go, or they would count twice. The ledger keeps the
    /// record's hash; what is kept of its content is the minutes whose originals are still gone.
    /// </summary>
    public static async Task RemoveAsync(StoreTransaction transaction, SpoolRow spool, DeliveredRecord original, CancellationToken cancellationToken)
    {
        var kept = await transaction.QueryAsync(
            "SELECT a.spool, a.number, a.bytes FROM side_record a JOIN spool p ON p.key = a.spool WHERE p.gateway = $1 AND a.kind = $2",
            reader => (Spool: reader.GetInt64(0), Number: reader.GetInt64(1), Bytes: (byte[])reader[2]),
            cancellationToken,
            spool.Gateway,
            Kind);
        foreach (var row in kept)
        {
            if (RecordCodec.TryDecode(row.Bytes, out _) is not { Aggregates: { } aggregates } record || !IsAbout(aggregates, original))
                continue;
            var gone = aggregates.Minutes.Where(minute => original.Readings!.Any(reading => IsWithin(reading, minute))).ToArray();
            if (gone.Length == 0)
                continue;
            foreach (var minute in gone)
                aggregates.Minutes.Remove(minute);
            if (aggregates.Minutes.Count == 0)
                await transaction.ExecuteAsync("DELETE FROM side_record WHERE spool = $1 AND number = $2", cancellationToken, row.Spool, row.Number);
            else
                await transaction.ExecuteAsync("UPDATE side_record SET bytes = $3 WHERE spool = $1 AND number = $2", cancellationToken, row.Spool, row.Number, record.ToByteArray());
        }
    }

    static bool IsAbout(Aggregates aggregates, DeliveredRecord original) =>
        aggregates.Spool.Span.SequenceEqual(original.Spool.ToByteArray()) && aggregates.BootId == original.Content!.Block.BootId && aggregates.CatalogNumber == original.Content.Block.CatalogNumber;

    static bool IsWithin(Reading reading, Minute minute) =>
        reading.Stream == minute.Stream && reading.Origin == minute.Origin && (ulong)reading.BootTimeMs >= minute.BootTimeMs && (ulong)reading.BootTimeMs - minute.BootTimeMs < MinuteMs;
}
