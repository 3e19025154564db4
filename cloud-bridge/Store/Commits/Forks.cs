using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Commits;

/// <summary>
/// Each spool names the one before it, and a box's medium knows its last. Two that name the same one come of two copies of a medium: an
/// older image was put back, or a card was copied. No data is mixed: each has numbers of its own.
/// </summary>
static class Forks
{
    /// <summary>An event when another spool of this gateway already follows the one that this one names.</summary>
    public static async Task<StoreEvent?> FindAsync(StoreTransaction transaction, SpoolRow spool, DeliveredRecord record, Opening opening, CancellationToken cancellationToken)
    {
        if (opening.Predecessor.IsEmpty)
            return null;
        var others = await transaction.QueryAsync(
            "SELECT p.id, s.bytes FROM spool p JOIN side_record s ON s.spool = p.key WHERE p.gateway = $1 AND p.key <> $2 AND s.number = 1 AND s.kind = $3",
            reader => (Id: SpoolId.Read((byte[])reader[0]), Bytes: (byte[])reader[1]),
            cancellationToken,
            spool.Gateway,
            (long)spool.Key,
            CatalogTable.CatalogKind);
        foreach (var (id, bytes) in others)
            if (RecordCodec.TryDecode(bytes, out _)?.Opening is { } other && other.Predecessor.Equals(opening.Predecessor))
                return new StoreEvent(StoreEvent.RestoredImage, record.Gateway, $"{record.Gateway} goes on with spool {record.Spool} where {id} had gone on before, behind spool {SpoolId.Read(opening.Predecessor.Span)}: an older image of its medium was put back, its card was copied and two boxes run, or of its two media the one with more is away. Nothing is stored twice; what the other copy recorded and has not delivered comes only from there.", default);
        return null;
    }
}
