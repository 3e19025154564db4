using EdgeHub.Hosting.Settings;

namespace EdgeHub.CloudBridge.Store;

/// <summary>Which database: the SQLite file, or PostgreSQL when a connection is given.</summary>
public sealed record StoreOptions
{
    public required string SqliteFile { get; init; }

    /// <summary>An Npgsql connection string without a password; null for SQLite.</summary>
    public string? Postgres { get; init; }

    public static StoreOptions Read(SettingsSection section, string dataDirectory)
    {
        ArgumentNullException.ThrowIfNull(section);
        var options = new StoreOptions
        {
            SqliteFile = section.Text("file", Path.Combine(dataDirectory, "edgehub.db")),
        };
        section.RejectUnknown();
        return options;
    }
}
