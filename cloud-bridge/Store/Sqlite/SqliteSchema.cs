namespace EdgeHub.CloudBridge.Store.Sqlite;

/// <summary>SQLite's own part of the schema: the same views as PostgreSQL's, over rows alone.</summary>
static class SqliteSchema
{
    public const string Bytes = "BLOB";

    // Time stands as Unix milliseconds in the table (integers compare and index best) and as ISO 8601 text in the view.
    const string RowTable =
        """
        CREATE TABLE reading_row (stream INTEGER NOT NULL, time INTEGER NOT NULL, value REAL, quality INTEGER NOT NULL, spool INTEGER NOT NULL, sequence INTEGER NOT NULL, historical INTEGER NOT NULL, overheard INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX reading_row_stream_time ON reading_row (stream, time);

        """;

    const string Columns =
        """
        g.id AS gateway, s.sensor, s.quantity, s.unit, s.site, s.area, CASE s.class WHEN 1 THEN 'urgent' ELSE 'normal' END AS class, s.classification,
            strftime('%Y-%m-%dT%H:%M:%fZ', r.time / 1000.0, 'unixepoch') AS time, r.time AS time_ms, r.value, r.quality,
            CASE WHEN r.quality < 64 THEN 'good' WHEN r.quality < 128 THEN 'uncertain' ELSE 'bad' END AS grade,
            lower(hex(p.id)) AS spool, r.sequence, r.historical
        """;

    const string Sources = "reading_row r JOIN stream s ON s.key = r.stream JOIN gateway g ON g.key = s.gateway JOIN spool p ON p.key = r.spool";
    const string Hour = "strftime('%Y-%m-%dT%H:00:00.000Z', r.time / 1000.0, 'unixepoch') AS hour";

    // What two boxes on one bus both have is there twice: reading shows it as the box has it that asked.
    const string Views =
        $"""
        CREATE VIEW reading AS SELECT {Columns}, {Hour} FROM {Sources} WHERE r.overheard = 0;
        CREATE VIEW reading_all AS SELECT {Columns}, CASE r.overheard WHEN 0 THEN 'active' ELSE 'overheard' END AS origin, {Hour} FROM {Sources};
        CREATE VIEW stored_reading AS SELECT s.gateway, s.sensor, s.quantity, r.stream, r.spool, r.sequence, r.time, r.time - r.time % 3600000 AS hour FROM reading_row r JOIN stream s ON s.key = r.stream;

        """;

    /// <summary>Everything about readings for a new database.</summary>
    public const string Readings = RowTable + Views;

    /// <summary>From rows without a stamp to rows with one; the views come anew with the next version.</summary>
    public const string ToOverheard = "ALTER TABLE reading_row ADD COLUMN overheard INTEGER NOT NULL DEFAULT 0;";

    public const string ToDays = $"DROP VIEW reading; DROP VIEW IF EXISTS reading_all;\n{Views}";
}
