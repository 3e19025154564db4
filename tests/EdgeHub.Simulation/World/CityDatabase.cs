using System.Globalization;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.Wire;
using Microsoft.Data.Sqlite;

namespace EdgeHub.Simulation.World;

/// <summary>
/// The city's database: the real SQLite store's, in memory, shared by name. One connection holds it while the bridge is down and
/// looks into it for the oracle.
/// </summary>
sealed class CityDatabase : IDisposable
{
    public const string StoreId = "c17ec17ec17ec17ec17ec17ec17ec17e";

    const string Template = "file:template?mode=memory&cache=shared";

    static readonly Lock Gate = new();
    static SqliteConnection? template;

    readonly SqliteConnection holder;
    readonly SqliteCommand newRows;
    SqliteConnection? backup;
    bool hasLost;

    public CityDatabase(string name)
    {
        Name = $"file:{name}?mode=memory&cache=shared";
        holder = Connect(Name);
        lock (Gate)
        {
            template ??= MakeTemplate();
            template.BackupDatabase(holder);
        }

        newRows = holder.CreateCommand();
        newRows.CommandText = "SELECT r.rowid, p.id, r.sequence, r.value, r.time, s.sensor || '/' || s.quantity FROM reading_row r JOIN stream s ON s.key = r.stream JOIN spool p ON p.key = r.spool WHERE r.rowid > $1";
        newRows.Parameters.AddWithValue("$1", 0L);
    }

    /// <summary>What the store opens.</summary>
    public string Name { get; }

    public bool HasBackup => backup is not null;

    public IEnumerable<CityRow> RowsAfter(long key)
    {
        newRows.Parameters[0].Value = key;
        using var reader = newRows.ExecuteReader();
        while (reader.Read())
            yield return new CityRow(reader.GetInt64(0), SpoolId.Read((byte[])reader[1]), (ulong)reader.GetInt64(2), reader.GetDouble(3), reader.GetInt64(4), reader.GetString(5));
    }

    /// <summary>Ranges of the ledger in one state, by spool.</summary>
    public Dictionary<SpoolId, RangeSet> Ledger(int state)
    {
        var ranges = new Dictionary<SpoolId, RangeSet>();
        Query(string.Create(CultureInfo.InvariantCulture, $"SELECT p.id, l.first, l.last FROM ledger_range l JOIN spool p ON p.key = l.spool WHERE l.state = {state}"), reader =>
        {
            var spool = SpoolId.Read((byte[])reader[0]);
            if (!ranges.TryGetValue(spool, out var set))
                ranges.Add(spool, set = []);
            set.Add(new NumberRange((ulong)reader.GetInt64(1), (ulong)reader.GetInt64(2)));
        });
        return ranges;
    }

    /// <summary>Blocks that wait for their clock or their catalog, and how many readings are in each.</summary>
    public Dictionary<(SpoolId Spool, ulong Number), int> Parked()
    {
        var parked = new Dictionary<(SpoolId, ulong), int>();
        Query("SELECT p.id, k.number, k.bytes FROM parked k JOIN spool p ON p.key = k.spool", reader =>
            parked.Add((SpoolId.Read((byte[])reader[0]), (ulong)reader.GetInt64(1)), KnownRecord.Of((byte[])reader[2]).Values.Count));
        return parked;
    }

    /// <summary>Somebody deletes a row, once: the first of all.</summary>
    public void LoseRow()
    {
        if (hasLost)
            return;
        using var command = holder.CreateCommand();
        command.CommandText = "DELETE FROM reading_row WHERE rowid = (SELECT min(rowid) FROM reading_row)";
        hasLost = command.ExecuteNonQuery() > 0;
    }

    /// <summary>Events of one kind that a person would have been told of.</summary>
    public List<string> Events(string kind)
    {
        var texts = new List<string>();
        Query("SELECT kind, text FROM event", reader =>
        {
            if (reader.GetString(0) == kind)
                texts.Add(reader.GetString(1));
        });
        return texts;
    }

    public void TakeBackup()
    {
        backup?.Dispose();
        backup = Connect("Data Source=:memory:");
        holder.BackupDatabase(backup);
    }

    /// <summary>Puts the backup in the place of everything. Only while the bridge is down.</summary>
    public void Restore() => backup!.BackupDatabase(holder);

    public void Dispose()
    {
        newRows.Dispose();
        backup?.Dispose();
        holder.Dispose();
    }

    void Query(string sql, Action<SqliteDataReader> read)
    {
        using var command = holder.CreateCommand();
#pragma warning disable CA2100 // Constants of this class and numbers; nothing from outside.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
            read(reader);
    }

    // The schema is the store's own; its id, which is chance, becomes the same in every world.
    static SqliteConnection MakeTemplate()
    {
        var kept = Connect(Template);
        SqliteStore.OpenAsync(Template, CancellationToken.None).GetAwaiter().GetResult().DisposeAsync().AsTask().GetAwaiter().GetResult();
        using var command = kept.CreateCommand();
        command.CommandText = $"UPDATE store SET id = '{StoreId}'";
        command.ExecuteNonQuery();
        return kept;
    }

    static SqliteConnection Connect(string source)
    {
        var connection = new SqliteConnection(source.StartsWith("file:", StringComparison.Ordinal) ? new SqliteConnectionStringBuilder { DataSource = source, Pooling = false }.ToString() : source);
        connection.Open();
        return connection;
    }
}
