using System.Globalization;

namespace EdgeHub.Edge.Uplink;

/// <summary>
/// What one uplink has cost since its day or month began, kept across restarts. Urgent and live records always go and count; the
/// backlog goes while less is used than the pace allows: half of the budget from the start, the other half as the period passes,
/// so that a backlog on the first morning leaves enough for the rest. At most a minute of counting is lost to a power cut.
/// </summary>
public sealed class DataBudget
{
    /// <summary>TCP, TLS and MQTT headers and acknowledgements of one message, both directions together: an estimate.</summary>
    public const int OverheadBytes = 160;

    const double PaceAtStart = 0.5;

    static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);

    readonly DataAllowance allowance;
    readonly string path;
    readonly Func<DateTimeOffset?> wall;
    readonly TimeProvider time;
    readonly Lock gate = new();
    string period = "";
    long used;
    long savedAt;
    bool isSaved = true;

    /// <param name="path">A file of one line.</param>
    /// <param name="wall">The time of day where it is known; null: the period that was last known goes on.</param>
    public DataBudget(DataAllowance allowance, string path, Func<DateTimeOffset?> wall, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (this.allowance, this.path, this.wall, this.time) = (allowance, path, wall, time);
        savedAt = time.GetTimestamp();
        if (File.Exists(path) && File.ReadAllText(path).Trim().Split(' ') is [var kept, var bytes] && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var before))
            (period, used) = (kept, before);
    }

    public DataAllowance Allowance => allowance;

    /// <summary>Bytes of this period.</summary>
    public long Used
    {
        get
        {
            lock (gate)
            {
                Turn();
                return used;
            }
        }
    }

    /// <summary>Whether old records may go as well.</summary>
    public bool AllowsBacklog
    {
        get
        {
            lock (gate)
            {
                var pace = Turn() is { } now ? PaceAtStart + ((1 - PaceAtStart) * allowance.Elapsed(now)) : PaceAtStart;
                return used < allowance.Bytes * pace;
            }
        }
    }

    public void Add(long bytes)
    {
        lock (gate)
        {
            Turn();
            used += bytes;
            isSaved = false;
            if (time.GetElapsedTime(savedAt) >= SaveInterval)
                Write();
        }
    }

    public void Save()
    {
        lock (gate)
            if (!isSaved)
                Write();
    }

    // A clock that is only restored may be days old: it does not begin a period, and neither does one that goes back.
    DateTimeOffset? Turn()
    {
        if (wall() is not { } now)
            return null;
        var current = allowance.PeriodOf(now);
        if (string.CompareOrdinal(current, period) <= 0)
            return now;
        (period, used, isSaved) = (current, 0, false);
        return now;
    }

    void Write()
    {
        (savedAt, isSaved) = (time.GetTimestamp(), true);
        try
        {
            File.WriteAllText(path + ".new", string.Create(CultureInfo.InvariantCulture, $"{period} {used}\n"));
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not stop sending: the count goes on in memory and is tried again in a minute.
            isSaved = false;
        }
    }
}
