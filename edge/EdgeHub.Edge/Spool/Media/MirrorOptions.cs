using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>The second medium: section <c>spool.mirror</c>. Without a directory there is none.</summary>
public sealed record MirrorOptions
{
    /// <summary>Where the second copy of the journal lies, on another file system than the first.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Bytes that the mirror may be behind before it is called so; as much is kept in memory for the case that the first medium
    /// dies. Default 4 MiB.
    /// </summary>
    public long LagMaxBytes { get; init; } = 4 << 20;

    /// <summary>Age of the oldest commit that the mirror lacks before it is called behind. Default 30 s.</summary>
    public TimeSpan LagMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Everything of ours on the mirror, in bytes. Default 4 GiB.</summary>
    public long QuotaBytes { get; init; } = 4L << 30;

    /// <summary>How fast both copies are read and compared, in bytes a second of each; 0 switches that off. Default 256 KiB.</summary>
    public long ScrubBytesPerSecond { get; init; } = 256 << 10;

    public static MirrorOptions? Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var d = new MirrorOptions { Directory = "" };
        var options = new MirrorOptions
        {
            Directory = section.Text("directory", ""),
            LagMaxBytes = section.Bytes("lagMaxBytes", d.LagMaxBytes, 64 << 10, 64 << 20),
            LagMax = section.Duration("lagMax", d.LagMax, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            QuotaBytes = section.Bytes("quotaBytes", d.QuotaBytes, 16 << 20, 1L << 44),
            ScrubBytesPerSecond = section.Bytes("scrubBytesPerSecond", d.ScrubBytesPerSecond, 0, 64 << 20),
        };
        section.RejectUnknown();
        if (options.Directory.Length > 0)
            return options with { Directory = Path.GetFullPath(options.Directory) };
        if (section.Known.Any(section.Has))
            section.Error("directory", null, "a mirror needs a directory on a second medium.", "Write the path where the stick is mounted, or remove spool.mirror.");
        return null;
    }
}
