using EdgeHub.Hosting.Settings;

namespace EdgeHub.CloudBridge.Store.Upkeep;

/// <summary>How long readings stay rows, and how long they stay at all.</summary>
public sealed record UpkeepOptions
{
    /// <summary>Days after which PostgreSQL's rows are packed into arrays; 0: never. SQLite has rows only.</summary>
    public int CompactAfterDays { get; init; } = 7;

    /// <summary>Days after which readings are removed; 0: never.</summary>
    public int RetentionDays { get; init; }

    public static UpkeepOptions Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var d = new UpkeepOptions();
        var (retention, compaction) = (section.Section("retention"), section.Section("compaction"));
        var options = new UpkeepOptions
        {
            CompactAfterDays = compaction.Whole("afterDays", d.CompactAfterDays, 0, 36_500),
            RetentionDays = retention.Whole("days", d.RetentionDays, 0, 36_500),
        };
        compaction.RejectUnknown();
        retention.RejectUnknown();
        return options;
    }

    /// <summary>What lies wholly before is packed; null: nothing.</summary>
    public DateTimeOffset? CompactBefore(DateTimeOffset now) => CompactAfterDays == 0 ? null : now.AddDays(-CompactAfterDays);

    /// <summary>What lies wholly before is removed; null: nothing.</summary>
    public DateTimeOffset? RemoveBefore(DateTimeOffset now) => RetentionDays == 0 ? null : now.AddDays(-RetentionDays);
}
