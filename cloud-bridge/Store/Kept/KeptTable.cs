using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Kept;

/// <summary>What a person looks at later: records set aside, payloads that were none, events. Each kept raw and bounded.</summary>
static class KeptTable
{
    public const int DeadLettersMax = 1000;
    public const int EventsMax = 10_000;
    public const int TextLengthMax = 1024;

    public static Task AddSetAsideAsync(StoreTransaction transaction, int spool, DeliveredRecord record, string reason, long nowMs, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(
            "INSERT INTO set_aside (spool, number, lane, reason, at, bytes) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (spool, number) DO UPDATE SET reason = excluded.reason",
            cancellationToken,
            (long)spool,
            (long)record.Number,
            (long)record.Lane,
            Text(reason),
            nowMs,
            record.Bytes.ToArray());

    public static Task RemoveSetAsideAsync(StoreTransaction transaction, int spool, ulong number, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("DELETE FROM set_aside WHERE spool = $1 AND number = $2", cancellationToken, (long)spool, (long)number);

    /// <summary>Set-aside records after a position, in key order, decoded again by today's decoder.</summary>
    public static Task<List<(long Spool, DeliveredRecord Record)>> SetAsideAfterAsync(StoreTransaction transaction, long spool, long number, int countMax, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            """
            SELECT a.spool, a.number, a.lane, a.bytes, p.id, p.class, g.id
            FROM set_aside a JOIN spool p ON p.key = a.spool JOIN gateway g ON g.key = p.gateway
            WHERE a.spool > $1 OR (a.spool = $1 AND a.number > $2) ORDER BY a.spool, a.number LIMIT $3
            """,
            reader =>
            {
                var bytes = (byte[])reader[3];
                return (reader.GetInt64(0), DeliveredRecord.Decode(reader.GetString(6), SpoolId.Read((byte[])reader[4]), (SpoolClass)reader.GetInt64(5), (Lane)reader.GetInt64(2), (ulong)reader.GetInt64(1), bytes, RecordHash.Of(bytes), RecordHash.Zero));
            },
            cancellationToken,
            spool,
            number,
            (long)countMax);

    public static async Task AddDeadLetterAsync(StoreTransaction transaction, DeadLetter letter, long nowMs, CancellationToken cancellationToken)
    {
        await transaction.ExecuteAsync("INSERT INTO dead_letter (at, topic, reason, bytes) VALUES ($1, $2, $3, $4)", cancellationToken, nowMs, Text(letter.Topic), Text(letter.Reason), letter.Payload.ToArray());
        await transaction.ExecuteAsync("DELETE FROM dead_letter WHERE key <= (SELECT max(key) FROM dead_letter) - $1", cancellationToken, (long)DeadLettersMax);
    }

    public static async Task AddEventAsync(StoreTransaction transaction, StoreEvent what, long nowMs, CancellationToken cancellationToken)
    {
        await transaction.ExecuteAsync("INSERT INTO event (at, kind, gateway, text, bytes) VALUES ($1, $2, $3, $4, $5)", cancellationToken, nowMs, what.Kind, what.Gateway, Text(what.Text), what.Bytes.ToArray());
        await transaction.ExecuteAsync("DELETE FROM event WHERE key <= (SELECT max(key) FROM event) - $1", cancellationToken, (long)EventsMax);
    }

    // PostgreSQL takes no NUL in a text, and nobody reads a reason of a megabyte.
    static string Text(string text) => (text.Length > TextLengthMax ? text[..TextLengthMax] : text).Replace('\0', '?');
}
