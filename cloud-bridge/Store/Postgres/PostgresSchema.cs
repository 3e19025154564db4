namespace EdgeHub.CloudBridge.Store.Postgres;

/// <summary>
/// PostgreSQL's own part of the schema. Readings lie in two shapes: <c>reading_row</c>, a row each, partitioned by UTC day, with a partition for
/// every time that has no day of its own; and <c>reading_hour</c>, an hour of one stream in arrays, for older days. The views show
/// both as one. A predicate on <c>time</c> cannot reach into an array, so each view also has the <c>hour</c>, which can.
/// </summary>
static class PostgresSchema
{
    public const string Bytes = "BYTEA";

    /// <summary>Reads of an hour begin at its regular course, <c>first + i × step</c>; arrays hold what deviates from it, in the narrowest type, and are NULL where nothing does.</summary>
    const string Hours =
        """
        CREATE TABLE reading_hour (stream INT NOT NULL, spool INT NOT NULL, hour TIMESTAMPTZ NOT NULL, first_sequence BIGINT NOT NULL, last_sequence BIGINT NOT NULL,
            divisor DOUBLE PRECISION NOT NULL, readings INT NOT NULL, first_ms INT NOT NULL, step_ms INT NOT NULL, sequence_step INT NOT NULL,
            quality SMALLINT NOT NULL, historical BOOLEAN NOT NULL, overheard BOOLEAN NOT NULL,
            t2 SMALLINT[], t4 INT[], s2 SMALLINT[], s4 INT[], v2 SMALLINT[], v4 INT[], v8 DOUBLE PRECISION[], q SMALLINT[]) WITH (toast_tuple_target = 128);
        ALTER TABLE reading_hour ALTER t2 SET STORAGE MAIN, ALTER t4 SET STORAGE MAIN, ALTER s2 SET STORAGE MAIN, ALTER s4 SET STORAGE MAIN,
            ALTER v2 SET STORAGE MAIN, ALTER v4 SET STORAGE MAIN, ALTER v8 SET STORAGE MAIN, ALTER q SET STORAGE MAIN;
        CREATE INDEX reading_hour_stream_hour ON reading_hour (stream, hour);
        CREATE INDEX reading_hour_hour ON reading_hour (hour);
        CREATE INDEX reading_hour_spool ON reading_hour (spool, first_sequence);

        """;

    const string RowTable = "CREATE TABLE reading_row (stream INT NOT NULL, time TIMESTAMPTZ NOT NULL, value DOUBLE PRECISION, quality SMALLINT NOT NULL, spool INT NOT NULL, sequence BIGINT NOT NULL, historical BOOLEAN NOT NULL, overheard BOOLEAN NOT NULL DEFAULT FALSE) PARTITION BY RANGE (time);\n";

    const string RowIndexes =
        """
        CREATE INDEX reading_row_stream_time ON reading_row (stream, time);
        CREATE INDEX reading_row_time ON reading_row USING brin (time);

        """;

    /// <summary>What the arrays of one hour hold, reading by reading; <c>h</c> is the hour.</summary>
    public const string Unpacked =
        """
        (SELECT h.hour + (h.first_ms + (u.i - 1) * h.step_ms + coalesce(u.t2, u.t4, 0)) * INTERVAL '1 millisecond' AS time,
            CASE WHEN h.v8 IS NULL THEN coalesce(u.v2, u.v4) / h.divisor ELSE u.v8 END AS value, coalesce(u.q, h.quality) AS quality,
            h.first_sequence + (u.i - 1) * h.sequence_step + coalesce(u.s2, u.s4, 0) AS sequence, h.stream, h.spool, h.historical, h.overheard, h.hour
        FROM unnest(h.t2, h.t4, h.s2, h.s4, h.v2, h.v4, h.v8, h.q) WITH ORDINALITY AS u (t2, t4, s2, s4, v2, v4, v8, q, i))
        """;

    const string Columns =
        """
        g.id AS gateway, s.sensor, s.quantity, s.unit, s.site, s.area, CASE s.class WHEN 1 THEN 'urgent' ELSE 'normal' END AS class, s.classification,
            r.time, r.value, r.quality, CASE WHEN r.quality < 64 THEN 'good' WHEN r.quality < 128 THEN 'uncertain' ELSE 'bad' END AS grade,
            encode(p.id, 'hex') AS spool, r.sequence, r.historical
        """;

    const string Origin = "CASE WHEN r.overheard THEN 'overheard' ELSE 'active' END AS origin";

    // The joins stand in both halves: what is asked of a stream then finds its index in each.
    const string Rows = "reading_row r JOIN stream s ON s.key = r.stream JOIN gateway g ON g.key = s.gateway JOIN spool p ON p.key = r.spool";
    const string Packed = $"reading_hour h JOIN stream s ON s.key = h.stream JOIN gateway g ON g.key = s.gateway JOIN spool p ON p.key = h.spool CROSS JOIN LATERAL {Unpacked} r";
    const string RowHour = "date_trunc('hour', r.time, 'UTC') AS hour";

    // What two boxes on one bus both have is there twice: reading shows it as the box has it that asked. Replaced, not dropped: grants and what is built on them stay.
    const string Views =
        $"""
        CREATE OR REPLACE VIEW reading AS SELECT {Columns}, {RowHour} FROM {Rows} WHERE NOT r.overheard
            UNION ALL SELECT {Columns}, r.hour FROM {Packed} WHERE NOT h.overheard;
        CREATE OR REPLACE VIEW reading_all AS SELECT {Columns}, {Origin}, {RowHour} FROM {Rows}
            UNION ALL SELECT {Columns}, {Origin}, r.hour FROM {Packed};
        CREATE VIEW stored_reading AS SELECT s.gateway, s.sensor, s.quantity, r.stream, r.spool, r.sequence, r.time, {RowHour} FROM reading_row r JOIN stream s ON s.key = r.stream
            UNION ALL SELECT s.gateway, s.sensor, s.quantity, r.stream, r.spool, r.sequence, r.time, r.hour FROM reading_hour h JOIN stream s ON s.key = h.stream CROSS JOIN LATERAL {Unpacked} r;
        CREATE FUNCTION reading_between("from" TIMESTAMPTZ, "until" TIMESTAMPTZ) RETURNS SETOF reading LANGUAGE sql STABLE AS
            $$ SELECT * FROM reading WHERE time >= $1 AND time < $2 AND hour >= date_trunc('hour', $1, 'UTC') AND hour < $2 $$;

        """;

    /// <summary>Everything about readings for a new database.</summary>
    public const string Readings = $"{RowTable}CREATE TABLE reading_row_rest PARTITION OF reading_row DEFAULT;\n{RowIndexes}{Hours}{Views}";

    /// <summary>From rows without a stamp to rows with one.</summary>
    public const string ToOverheard = "ALTER TABLE reading_row ADD COLUMN overheard BOOLEAN NOT NULL DEFAULT FALSE;";

    /// <summary>From one table to days: what is there becomes the partition for all other times as it is, whatever its size.</summary>
    public const string ToDays =
        $"""
        ALTER TABLE reading_row RENAME TO reading_row_rest;
        ALTER INDEX reading_row_stream_time RENAME TO reading_row_rest_stream_time;
        ALTER INDEX reading_row_time RENAME TO reading_row_rest_time;
        {RowTable}{RowIndexes}ALTER TABLE reading_row ATTACH PARTITION reading_row_rest DEFAULT;
        {Hours}{Views}
        """;
}
