using EdgeHub.CloudBridge.Store.Upkeep;
using EdgeHub.Hosting.Secrets;
using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Tls;
using Npgsql;

namespace EdgeHub.CloudBridge.Store;

/// <summary>Which database, and how to reach it.</summary>
public sealed record StoreOptions
{
    public StoreKind Kind { get; init; } = StoreKind.Sqlite;

    /// <summary>The SQLite file.</summary>
    public string File { get; init; } = "edgehub.db";

    /// <summary>An Npgsql connection string, best without a password.</summary>
    public string Connection { get; init; } = "";

    public Secret? Password { get; init; }

    /// <summary>TLS towards PostgreSQL; the server is then checked against <c>caFile</c>, name and dates included.</summary>
    public TlsFiles Tls { get; init; } = new(null, null, null);

    public UpkeepOptions Upkeep { get; init; } = new();

    /// <summary>Reads <c>kind</c>, <c>file</c>, <c>connection</c>, <c>password</c> or <c>passwordFile</c>, <c>caFile</c>, <c>certificateFile</c>, <c>keyFile</c>, <c>retention</c>, <c>compaction</c>.</summary>
    public static StoreOptions Read(SettingsSection section, string dataDirectory)
    {
        ArgumentNullException.ThrowIfNull(section);
        var options = new StoreOptions
        {
            Kind = section.Choice("kind", StoreKind.Sqlite),
            File = section.Text("file", Path.Combine(dataDirectory, "city.db")),
            Connection = section.Text("connection", ""),
            Password = Secret.Read(section, "password"),
            Tls = TlsFiles.Read(section),
            Upkeep = UpkeepOptions.Read(section),
        };
        if (options.Kind == StoreKind.Postgres && !IsConnection(options.Connection))
            section.Error("connection", null, "PostgreSQL needs a connection string, and this is none.", "Write Host=db.city;Database=edgehub;Username=edgehub and the password as passwordFile.");
        section.RejectUnknown();
        return options;
    }

    /// <summary>Whether Npgsql takes the text, and it names a host.</summary>
    public static bool IsConnection(string text)
    {
        try
        {
            return text.Length > 0 && new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
