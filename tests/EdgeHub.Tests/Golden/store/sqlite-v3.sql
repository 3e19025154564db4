CREATE TABLE schema_version (version BIGINT NOT NULL);
CREATE TABLE store (id TEXT NOT NULL, commits BIGINT NOT NULL, moved_to TEXT);
CREATE TABLE gateway (key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE);
CREATE TABLE spool (key INTEGER PRIMARY KEY AUTOINCREMENT, gateway BIGINT NOT NULL, id BLOB NOT NULL, class BIGINT NOT NULL,
    head BIGINT NOT NULL, head_chain BLOB, records BIGINT NOT NULL, readings BIGINT NOT NULL, first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL,
    UNIQUE (gateway, id));
CREATE TABLE ledger_range (spool BIGINT NOT NULL, state BIGINT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, PRIMARY KEY (spool, state, first));
CREATE TABLE record_hash (spool BIGINT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, hashes BLOB, chain BLOB NOT NULL, committed BIGINT NOT NULL,
    first_sequence BIGINT, last_sequence BIGINT, first_time BIGINT, last_time BIGINT, PRIMARY KEY (spool, first));
CREATE TABLE side_record (spool BIGINT NOT NULL, number BIGINT NOT NULL, kind TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (spool, number));
CREATE TABLE stream (key INTEGER PRIMARY KEY AUTOINCREMENT, gateway BIGINT NOT NULL, sensor TEXT NOT NULL, quantity TEXT NOT NULL, unit TEXT NOT NULL, site TEXT NOT NULL, area TEXT NOT NULL,
    class BIGINT NOT NULL, classification TEXT NOT NULL, model TEXT NOT NULL, topic TEXT NOT NULL, first_seen BIGINT NOT NULL,
    UNIQUE (gateway, sensor, quantity, unit, site, area, class, classification, model));
CREATE TABLE clock_fix (gateway BIGINT NOT NULL, boot BLOB NOT NULL, unix_offset_ms BIGINT NOT NULL, error_ms BIGINT NOT NULL, source BIGINT NOT NULL, PRIMARY KEY (gateway, boot));
CREATE TABLE parked (spool BIGINT NOT NULL, number BIGINT NOT NULL, gateway BIGINT NOT NULL, catalog BIGINT NOT NULL, boot BLOB, lane BIGINT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (spool, number));
CREATE TABLE set_aside (spool BIGINT NOT NULL, number BIGINT NOT NULL, lane BIGINT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (spool, number));
CREATE TABLE dead_letter (key INTEGER PRIMARY KEY AUTOINCREMENT, at BIGINT NOT NULL, topic TEXT NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE event (key INTEGER PRIMARY KEY AUTOINCREMENT, at BIGINT NOT NULL, kind TEXT NOT NULL, gateway TEXT NOT NULL, text TEXT NOT NULL, bytes BLOB);
CREATE TABLE latest (topic TEXT PRIMARY KEY, stream BIGINT NOT NULL, time BIGINT NOT NULL, value DOUBLE PRECISION, quality BIGINT NOT NULL,
    spool BIGINT NOT NULL, sequence BIGINT NOT NULL, historical BIGINT NOT NULL, urgent BIGINT NOT NULL, commit_number BIGINT NOT NULL);
CREATE INDEX latest_commit ON latest (commit_number);
CREATE TABLE urgent_reading (key INTEGER PRIMARY KEY AUTOINCREMENT, stream BIGINT NOT NULL, time BIGINT NOT NULL, value DOUBLE PRECISION, quality BIGINT NOT NULL,
    spool BIGINT NOT NULL, sequence BIGINT NOT NULL, historical BIGINT NOT NULL, commit_number BIGINT NOT NULL);
CREATE TABLE outbox (output TEXT PRIMARY KEY, commit_number BIGINT NOT NULL);
CREATE TABLE retained (topic TEXT PRIMARY KEY, payload BLOB NOT NULL, qos BIGINT NOT NULL);
CREATE TABLE books_cut (gateway BIGINT NOT NULL, spool BLOB NOT NULL, last_number BIGINT NOT NULL, last_sequence BIGINT NOT NULL, told_by BIGINT NOT NULL, told_in BIGINT NOT NULL,
    at BIGINT NOT NULL, state BIGINT NOT NULL, due BIGINT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (gateway, spool, last_number));
CREATE INDEX books_cut_due ON books_cut (due) WHERE state <> 1;
CREATE TABLE reading_row (stream INTEGER NOT NULL, time INTEGER NOT NULL, value REAL, quality INTEGER NOT NULL, spool INTEGER NOT NULL, sequence INTEGER NOT NULL, historical INTEGER NOT NULL, overheard INTEGER NOT NULL DEFAULT 0);
CREATE INDEX reading_row_stream_time ON reading_row (stream, time);
CREATE VIEW reading AS SELECT g.id AS gateway, s.sensor, s.quantity, s.unit, s.site, s.area, CASE s.class WHEN 1 THEN 'urgent' ELSE 'normal' END AS class, s.classification,
    strftime('%Y-%m-%dT%H:%M:%fZ', r.time / 1000.0, 'unixepoch') AS time, r.time AS time_ms, r.value, r.quality,
    CASE WHEN r.quality < 64 THEN 'good' WHEN r.quality < 128 THEN 'uncertain' ELSE 'bad' END AS grade,
    lower(hex(p.id)) AS spool, r.sequence, r.historical FROM reading_row r JOIN stream s ON s.key = r.stream JOIN gateway g ON g.key = s.gateway JOIN spool p ON p.key = r.spool WHERE r.overheard = 0;
CREATE VIEW reading_all AS SELECT g.id AS gateway, s.sensor, s.quantity, s.unit, s.site, s.area, CASE s.class WHEN 1 THEN 'urgent' ELSE 'normal' END AS class, s.classification,
    strftime('%Y-%m-%dT%H:%M:%fZ', r.time / 1000.0, 'unixepoch') AS time, r.time AS time_ms, r.value, r.quality,
    CASE WHEN r.quality < 64 THEN 'good' WHEN r.quality < 128 THEN 'uncertain' ELSE 'bad' END AS grade,
    lower(hex(p.id)) AS spool, r.sequence, r.historical, CASE r.overheard WHEN 0 THEN 'active' ELSE 'overheard' END AS origin FROM reading_row r JOIN stream s ON s.key = r.stream JOIN gateway g ON g.key = s.gateway JOIN spool p ON p.key = r.spool;
INSERT INTO schema_version VALUES (3);
INSERT INTO store VALUES ('0123456789abcdef0123456789abcdef', 3, NULL);
INSERT INTO gateway (id) VALUES ('gw-old');
INSERT INTO spool (gateway, id, class, head, records, readings, first_seen, last_seen) VALUES (1, x'00000000000000000000000000000007', 2, 3, 3, 4, 1790000000000, 1790000001000);
INSERT INTO ledger_range VALUES (1, 1, 1, 3);
INSERT INTO record_hash VALUES (1, 1, 1, NULL, x'0000000000000000000000000000000000000000000000000000000000000000', 1790000000000, 0, 0, NULL, NULL);
INSERT INTO record_hash VALUES (1, 2, 3, NULL, x'0000000000000000000000000000000000000000000000000000000000000000', 1790000001000, 1, 4, 1790000000000, 1790000003000);
INSERT INTO stream (gateway, sensor, quantity, unit, site, area, class, classification, model, topic, first_seen) VALUES (1, 'pms1', 'pm2_5', 'ug/m3', 'pump-room-7', '330106/005/012', 2, 'general-2', 'pms5003', '330106/005/012/pump-room-7/pms1/pm2_5', 1790000000000);
INSERT INTO reading_row VALUES (1, 1790000000000 + 0, 1.5, 0, 1, 1, 0, 0);
INSERT INTO reading_row VALUES (1, 1790000000000 + 1000, 2.5, 0, 1, 2, 0, 0);
INSERT INTO reading_row VALUES (1, 1790000000000 + 2000, 3.5, 0, 1, 3, 0, 0);
INSERT INTO reading_row VALUES (1, 1790000000000 + 3000, 4.5, 0, 1, 4, 0, 0);
