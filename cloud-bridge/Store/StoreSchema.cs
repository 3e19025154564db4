namespace EdgeHub.CloudBridge.Store;

/// <summary>
/// The tables, written once for both engines; <c>{key}</c>, <c>{bytes}</c> and <c>{rows}</c> are the engine's.
/// A newer version than this one is another program's: it is refused and not touched.
/// </summary>
static class StoreSchema
{
    public const int Version = 3;

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
        {rows}
        """;

    // Where a box says what it has recorded. The counts are the record's own, in side_record (told_by, told_in).
    const string Cuts =
        """
        CREATE TABLE books_cut (gateway BIGINT NOT NULL, spool {bytes} NOT NULL, last_number BIGINT NOT NULL, last_sequence BIGINT NOT NULL, told_by BIGINT NOT NULL, told_in BIGINT NOT NULL,
            at BIGINT NOT NULL, state BIGINT NOT NULL, due BIGINT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (gateway, spool, last_number));
        CREATE INDEX books_cut_due ON books_cut (due) WHERE state <> 1;
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
    ];

    /// <summary>The statements that bring an older schema to this version; they run in one transaction.</summary>
    /// <param name="overheard">The engine's own way from rows without a stamp to rows and views with one.</param>
    public static string From(int version, string bytes, string overheard) =>
        string.Join('\n', Steps[(version - 1)..]).Replace("{bytes}", bytes, StringComparison.Ordinal).Replace("{overheard}", overheard, StringComparison.Ordinal) + $"\nUPDATE schema_version SET version = {Version};";

    public static string For(string key, string bytes, string rows) =>
        Tables.Replace("{cuts}", Cuts, StringComparison.Ordinal).Replace("{key}", key, StringComparison.Ordinal).Replace("{bytes}", bytes, StringComparison.Ordinal).Replace("{rows}", rows, StringComparison.Ordinal);
}
