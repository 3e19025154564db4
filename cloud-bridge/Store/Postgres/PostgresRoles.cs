namespace EdgeHub.CloudBridge.Store.Postgres;

/// <summary>
/// Two roles to be granted to people and programs: <c>edgehub_reader</c> sees the views and no table, <c>edgehub_writer</c> is what a bridge
/// needs that does not own the tables. Made and granted at each start, where this user may; an administrator's own grants are left alone.
/// </summary>
static class PostgresRoles
{
    /// <summary>Never fails: what this user may not do it leaves, and <see cref="Missing"/> tells.</summary>
    public const string Ensure =
        """
        DO $$
        BEGIN
            IF to_regrole('edgehub_reader') IS NULL THEN CREATE ROLE edgehub_reader NOLOGIN; END IF;
            IF to_regrole('edgehub_writer') IS NULL THEN CREATE ROLE edgehub_writer NOLOGIN; END IF;
        EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
        END $$;
        DO $$
        BEGIN
            IF to_regrole('edgehub_reader') IS NOT NULL AND NOT has_table_privilege('edgehub_reader', 'event_log', 'SELECT') THEN
                GRANT SELECT ON reading, reading_all, catalog, gap, event_log TO edgehub_reader;
            END IF;
            IF to_regrole('edgehub_writer') IS NOT NULL AND NOT has_table_privilege('edgehub_writer', 'removed', 'DELETE') THEN
                EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO edgehub_writer', current_schema());
            END IF;
        EXCEPTION WHEN insufficient_privilege THEN NULL;
        END $$;
        """;

    /// <summary>True where somebody else must make or grant the roles.</summary>
    public const string Missing =
        """
        SELECT NOT coalesce((SELECT has_table_privilege(r.oid, 'reading', 'SELECT') FROM pg_roles r WHERE r.rolname = 'edgehub_reader'), FALSE)
            OR NOT coalesce((SELECT has_table_privilege(w.oid, 'reading_row', 'INSERT') FROM pg_roles w WHERE w.rolname = 'edgehub_writer'), FALSE)
        """;

    public const string Advice = "The roles edgehub_reader and edgehub_writer are not there or not granted, and this user may not change that: only the tables' owner can read. As an administrator: CREATE ROLE edgehub_reader NOLOGIN; CREATE ROLE edgehub_writer NOLOGIN; and start the bridge again as the tables' owner.";
}
