using EdgeHub.Edge.Spool.Media;
using EdgeHub.Edge.Spool.Wear;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Spool;

/// <summary>The spool's part of the configuration: section <c>spool</c>.</summary>
public sealed record SpoolOptions
{
    /// <summary>Where journal and packs lie. Default <c>/var/lib/edgehub/spool</c>.</summary>
    public string Directory { get; init; } = "/var/lib/edgehub/spool";

    /// <summary>Bytes of one journal segment, a multiple of 4096. Default 8 MiB, 1 MiB to 64 MiB.</summary>
    public int SegmentBytes { get; init; } = 8 << 20;

    /// <summary>
    /// Where a commit may begin, in bytes: 8 packs commits into shared pages and leans on the medium keeping the sectors of a
    /// page that is rewritten; 4096 gives every commit pages of its own. Default 8.
    /// </summary>
    public int JournalAlign { get; init; } = 8;

    /// <summary>Bytes after which a LiteDB file is sealed. Default 16 MiB.</summary>
    public long PackFileBytes { get; init; } = 16 << 20;

    /// <summary>Age after which a LiteDB file is sealed: the longest time a record is in the journal alone. Default 1 h.</summary>
    public TimeSpan PackFileAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long records are kept after their ack. Default 7 d.</summary>
    public TimeSpan HistoryAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes of sealed files in which everything is acked. Default 1 GiB.</summary>
    public long HistoryBytes { get; init; } = 1L << 30;

    /// <summary>Everything of ours on the medium, in bytes. Default 4 GiB.</summary>
    public long QuotaBytes { get; init; } = 4L << 30;

    /// <summary>
    /// Spools that are mentioned though nothing of them is left: a city that lost what it had acked is told that it is gone for good.
    /// At some 100 bytes each in every snapshot, the years of a box that starts each week. Default 256.
    /// </summary>
    public int BareSpoolsMax { get; init; } = 256;

    /// <summary>Bytes of the medium that are left to others: below, room is made as if the quota were reached. Default 16 MiB.</summary>
    public long FreeFloorBytes { get; init; } = 16 << 20;

    /// <summary>How often the Recorder closes a block: what a power cut may cost. Default 1 s, 10 ms to 60 s.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the counts of each stream are recorded and sent, for the city to compare. Default 1 h, 1 s to 1 d.</summary>
    public TimeSpan BooksInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Readings at which a block is closed before the interval is over. Default 512, 1 to 4096.</summary>
    public int BlockReadingsMax { get; init; } = 512;

    /// <summary>Memory for the newest records, so that live traffic reads no disk, in bytes. Default 1 MiB.</summary>
    public int TailBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Memory for what is read while no medium takes it, in bytes; at most half a segment is used. Default 4 MiB: some hours of a busy box.
    /// </summary>
    public int RamBytes { get; init; } = 4 << 20;

    /// <summary>A second medium for the journal; null when there is none.</summary>
    public MirrorOptions? Mirror { get; init; }

    /// <summary>How much may be written to the medium.</summary>
    public WearOptions Wear { get; init; } = new();

    public static SpoolOptions Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var d = new SpoolOptions();
        var journal = section.Section("journal");
        var align = journal.Whole("align", d.JournalAlign, Entry.Alignment, SegmentHeader.PageBytes);
        if (align is not (Entry.Alignment or SegmentHeader.PageBytes))
            journal.Error("align", align.ToString(System.Globalization.CultureInfo.InvariantCulture), "commits begin at multiples of 8 or of 4096 bytes.", "Write 8 or 4096.");
        journal.RejectUnknown();
        var options = new SpoolOptions
        {
            Directory = section.Text("directory", d.Directory),
            SegmentBytes = (int)section.Bytes("segmentBytes", d.SegmentBytes, 1 << 20, 64 << 20) & -SegmentHeader.PageBytes,
            JournalAlign = align,
            PackFileBytes = section.Bytes("packFileBytes", d.PackFileBytes, 1 << 20, 256 << 20),
            PackFileAge = section.Duration("packFileAge", d.PackFileAge, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            HistoryAge = section.Duration("historyAge", d.HistoryAge, TimeSpan.Zero, TimeSpan.FromDays(3650)),
            HistoryBytes = section.Bytes("historyBytes", d.HistoryBytes, 0, 1L << 40),
            QuotaBytes = section.Bytes("quotaBytes", d.QuotaBytes, 16 << 20, 1L << 44),
            FreeFloorBytes = section.Bytes("freeFloorBytes", d.FreeFloorBytes, 0, 1L << 44),
            FlushInterval = section.Duration("flushInterval", d.FlushInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60)),
            BooksInterval = section.Duration("booksInterval", d.BooksInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            BlockReadingsMax = section.Whole("blockReadingsMax", d.BlockReadingsMax, 1, Wire.WireLimits.ReadingsPerBlockMax),
            Mirror = MirrorOptions.Read(section.Section("mirror")),
            Wear = WearOptions.Read(section.Section("wear")),
            RamBytes = (int)section.Bytes("ramBytes", d.RamBytes, 64 << 10, 32 << 20),
            TailBytes = (int)section.Bytes("tailBytes", d.TailBytes, 64 << 10, 64 << 20),
        };
        section.RejectUnknown();
        return options;
    }
}
