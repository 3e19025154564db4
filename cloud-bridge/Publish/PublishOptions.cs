using EdgeHub.Hosting.Settings;

namespace EdgeHub.CloudBridge.Publish;

/// <summary>What the platform hears, and how often.</summary>
public sealed record PublishOptions
{
    /// <summary>First level of every city topic.</summary>
    public string Prefix { get; init; } = "city";

    /// <summary>At most one message per stream in this time; urgent readings go at once, every one.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Urgent readings taken from the outbox at a time.</summary>
    public int UrgentMax { get; init; } = 1000;

    /// <summary>Topics taken from the outbox at a time; commits are never split.</summary>
    public int TopicsMax { get; init; } = 10_000;

    public static PublishOptions Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var d = new PublishOptions();
        var options = d with
        {
            Prefix = section.Text("prefix", d.Prefix).Trim('/'),
            Pace = section.Duration("pace", d.Pace, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
        };
        if (options.Prefix.Length is 0 or > 256 || options.Prefix.AsSpan().ContainsAny("+#\0"))
            section.Error("prefix", options.Prefix, "this is no topic to publish under.", "Write levels without + and #, for example city.");
        section.RejectUnknown();
        return options;
    }
}
