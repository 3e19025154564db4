namespace EdgeHub.CloudBridge.Store;

/// <summary>
/// The tables, written once for both engines; <c>{key}</c>, <c>{bytes}</c> and <c>{rows}</c> are the engine's.
/// A newer version than this one is another program's: it is refused and not touched.
/// </summary>
static class StoreSchema
{
    public const int Version = 4;

    const string Tables =
        """
        CREATE TABLE schema_version (version BIGINT NOT NULL);
        CREATE TABLE store (id TEXT NOT NULL, commits BIGINT NOT NULL, moved_to TEXT);
        CREATE TABLE gateway (key {key}, id TEXT NOT NULL UNIQUE);
        CREATE TABLE spool (key {key}, gateway BIGINT NOT NULL, id {bytes} NOT NULL, class BIGINT NOT NULL,
            head BIGINT NOT NULL, head_chain {bytes}, records BIGINT NOT NULL, readings BIGINT NOT NULL, first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL,
            UNIQUE (gateway, id));
        CREATE TABLE ledger_range (spool BIGINT NOT NULL, state BIGINT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, PRIMARY KEY (spool, state, first));
        CREATE TABLE record_hash (spool BIGINT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, hashes {bytes}, chain {bytes} NOT NULL, committed BIGINT NOT NULL,
            first_sequence BIGINT, last_sequence BIGINT, first_time BIGINT, last_time BIGINT, PRIMARY KEY (spool, first));
        CREATE TABLE side_record (spool BIGINT NOT NULL, number BIGINT NOT NULL, kind TEXT NOT NULL, bytes {bytes} NOT NULL, PRIMARY KEY (spool, number));
        CREATE TABLE stream (key {key}, gateway BIGINT NOT NULL, sensor TEXT NOT NULL, quantity TEXT NOT NULL, unit TEXT NOT NULL, site TEXT NOT NULL, area TEXT NOT NULL,
            class BIGINT NOT NULL, classification TEXT NOT NULL, model TEXT NOT NULL, topic TEXT NOT NULL, first_seen BIGINT NOT NULL,
            UNIQUE (gateway, sensor, quantity, unit, site, area, class, classification, model));
        CREATE TABLE clock_fix (gateway BIGINT NOT NULL, boot {bytes} NOT NULL, unix_offset_ms BIGINT NOT NULL, error_ms BIGINT NOT NULL, source BIGINT NOT NULL, PRIMARY KEY (gateway, boot));
        CREATE TABLE parked (spool BIGINT NOT NULL, number BIGINT NOT NULL, gateway BIGINT NOT NULL, catalog BIGINT NOT NULL, boot {bytes}, lane BIGINT NOT NULL, bytes {bytes} NOT NULL, PRIMARY KEY (spool, number));
        CREATE TABLE set_aside (spool BIGINT NOT NULL, number BIGINT NOT NULL, lane BIGINT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL, bytes {bytes} NOT NULL, PRIMARY KEY (spool, number));
        CREATE TABLE dead_letter (key {key}, at BIGINT NOT NULL, topic TEXT NOT NULL, reason TEXT NOT NULL, bytes {bytes} NOT NULL);
        CREATE TABLE event (key {key}, at BIGINT NOT NULL, kind TEXT NOT NULL, gateway TEXT NOT NULL, text TEXT NOT NULL, bytes {bytes});
        CREATE TABLE latest (topic TEXT PRIMARY KEY, stream BIGINT NOT NULL, time BIGINT NOT NULL, value DOUBLE PRECISION, quality BIGINT NOT NULL,
            spool BIGINT NOT NULL, sequence BIGINT NOT NULL, historical BIGINT NOT NULL, urgent BIGINT NOT NULL, commit_number BIGINT NOT NULL);
        CREATE INDEX latest_commit ON latest (commit_number);
        CREATE TABLE urgent_reading (key {key}, stream BIGINT NOT NULL, time BIGINT NOT NULL, value DOUBLE PRECISION, quality BIGINT NOT NULL,
            spool BIGINT NOT NULL, sequence BIGINT NOT NULL, historical BIGINT NOT NULL, commit_number BIGINT NOT NULL);
        CREATE TABLE outbox (output TEXT PRIMARY KEY, commit_number BIGINT NOT NULL);
        CREATE TABLE retained (topic TEXT PRIMARY KEY, payload {bytes} NOT NULL, qos BIGINT NOT NULL);
        {cuts}
        {removed}
        {rows}
        {names}
        """;

    // Where a box says what it has recorded. The counts are the record's own, in side_record (told_by, told_in).
    const string Cuts =
        """
        CREATE TABLE books_cut (gateway BIGINT NOT NULL, spool {bytes} NOT NULL, last_number BIGINT NOT NULL, last_sequence BIGINT NOT NULL, told_by BIGINT NOT NULL, told_in BIGINT NOT NULL,
            at BIGINT NOT NULL, state BIGINT NOT NULL, due BIGINT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (gateway, spool, last_number));
        CREATE INDEX books_cut_due ON books_cut (due) WHERE state <> 1;
        """;

    // What retention took out on purpose: so many readings of a stream between two sequences. A row never spans a cut that was told before.
    const string Removed =
        """
        CREATE TABLE removed (spool BIGINT NOT NULL, stream BIGINT NOT NULL, first_sequence BIGINT NOT NULL, last_sequence BIGINT NOT NULL, readings BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (spool, stream, first_sequence));
        """;

    // For people: what there is, and what is not. A gap is what the box numbered and the city never got; a tombstone says that nobody will.
    const string Names =
        """
        CREATE VIEW catalog AS SELECT g.id AS gateway, s.sensor, s.quantity, s.unit, s.site, s.area, CASE s.class WHEN 1 THEN 'urgent' ELSE 'normal' END AS class, s.classification, s.model, s.topic, s.first_seen AS first_seen_ms FROM stream s JOIN gateway g ON g.key = s.gateway;
        CREATE VIEW gap AS SELECT g.id AS gateway, {hex} AS spool, l.first, l.last, 'tombstoned' AS kind FROM ledger_range l JOIN spool p ON p.key = l.spool JOIN gateway g ON g.key = p.gateway WHERE l.state = 3
            UNION ALL SELECT g.id, {hex}, n.before + 1, n.first - 1, 'missing'
            FROM (SELECT spool, first, coalesce(max(last) OVER (PARTITION BY spool ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before FROM ledger_range) n
            JOIN spool p ON p.key = n.spool JOIN gateway g ON g.key = p.gateway WHERE n.first > n.before + 1;
        CREATE VIEW event_log AS SELECT at AS at_ms, kind, gateway, text FROM event;
        """;

    // What turns version n into n + 1 stands at n - 1.
    static readonly string[] Steps =
    [
        """
        ALTER TABLE store ADD COLUMN moved_to TEXT;
        ALTER TABLE record_hash ADD COLUMN first_sequence BIGINT;
        ALTER TABLE record_hash ADD COLUMN last_sequence BIGINT;
        ALTER TABLE record_hash ADD COLUMN first_time BIGINT;
        ALTER TABLE record_hash ADD COLUMN last_time BIGINT;
        """,
        Cuts + "{overheard}",
        Removed + "\n{days}\n" + Names,
    ];

    /// <summary>The statements that bring an older schema to this version; they run in one transaction.</summary>
    /// <param name="overheard">The engine's own way from rows without a stamp to rows with one.</param>
    /// <param name="days">The engine's own way to rows by day, and views that show them.</param>
    /// <param name="hex">The engine's expression for a spool's id in hex; <c>p</c> is the spool.</param>
    public static string From(int version, string bytes, string overheard, string days, string hex) =>
        string.Join('\n', Steps[(version - 1)..]).Replace("{bytes}", bytes, StringComparison.Ordinal).Replace("{overheard}", overheard, StringComparison.Ordinal).Replace("{days}", days, StringComparison.Ordinal).Replace("{hex}", hex, StringComparison.Ordinal) + $"\nUPDATE schema_version SET version = {Version};";

    public static string For(string key, string bytes, string rows, string hex) =>
        Tables.Replace("{cuts}", Cuts, StringComparison.Ordinal).Replace("{removed}", Removed, StringComparison.Ordinal).Replace("{names}", Names, StringComparison.Ordinal).Replace("{key}", key, StringComparison.Ordinal).Replace("{bytes}", bytes, StringComparison.Ordinal).Replace("{hex}", hex, StringComparison.Ordinal).Replace("{rows}", rows, StringComparison.Ordinal);
}
