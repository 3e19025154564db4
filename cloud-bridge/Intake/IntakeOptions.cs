using EdgeHub.Hosting.Settings;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>Limits of the receiver.</summary>
public sealed record IntakeOptions
{
    /// <summary>Deliveries that wait for the database. What comes beyond is dropped and counted: the box sends it again.</summary>
    public int QueueMax { get; init; } = 4096;

    /// <summary>Bytes of records in the queue.</summary>
    public long QueueBytesMax { get; init; } = 128 << 20;

    /// <summary>Records of one transaction; together with the bytes this bounds what a rollback repeats.</summary>
    public int BatchRecordsMax { get; init; } = 4096;

    /// <summary>Bytes of records of one transaction: at 4 bytes a reading some 60,000 readings.</summary>
    public int BatchBytesMax { get; init; } = 256 << 10;

    /// <summary>The longest a delivery waits for company.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>When nothing more comes for this long the batch is closed.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>First wait after the database failed; doubles with jitter up to <see cref="RetryDelayMax"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(30);

    public static IntakeOptions Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var d = new IntakeOptions();
        var options = new IntakeOptions
        {
            QueueMax = section.Whole("queueMax", d.QueueMax, 16, 1_000_000),
            QueueBytesMax = section.Bytes("queueBytesMax", d.QueueBytesMax, 1 << 20, 8L << 30),
            BatchRecordsMax = section.Whole("batchRecordsMax", d.BatchRecordsMax, 1, 100_000),
            BatchBytesMax = (int)section.Bytes("batchBytesMax", d.BatchBytesMax, 1 << 10, 64 << 20),
            Linger = section.Duration("linger", d.Linger, TimeSpan.Zero, TimeSpan.FromSeconds(10)),
            Quiet = section.Duration("quiet", d.Quiet, TimeSpan.Zero, TimeSpan.FromSeconds(1)),
            RetryDelayMax = section.Duration("retryDelayMax", d.RetryDelayMax, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        };
        section.RejectUnknown();
        return options;
    }
}
