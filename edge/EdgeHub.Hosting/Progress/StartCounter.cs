using System.Globalization;

namespace EdgeHub.Hosting.Progress;

/// <summary>
/// Counts on disk the starts since the daemon last made progress. A fault that kills every start would otherwise spend the box's days
/// crashing in the same part: from the third start on the daemon leaves out what is not needed to record, and says so.
/// The file is not synced on purpose (its directory is): it counts deaths of the process, which the page cache survives, and a power cut is no fault of ours.
/// </summary>
public sealed class StartCounter
{
    /// <summary>So many starts without progress make the daemon record only.</summary>
    public const int RecordOnlyFrom = 3;

    /// <summary>A daemon that ran so long without dying made progress, even when the city was away all the time.</summary>
    public static readonly TimeSpan ProgressAfter = TimeSpan.FromMinutes(10);

    const string FileName = "starts";
    const int CountMax = 1_000_000;

    readonly string path;
    int progressed;

    StartCounter(string path, int starts) => (this.path, Starts) = (path, starts);

    /// <summary>Starts since the last progress, this one included.</summary>
    public int Starts { get; }

    public bool RecordOnly => Starts >= RecordOnlyFrom;

    /// <summary>Counts this start in <paramref name="dataDirectory"/>. A file that is no number counts as none: it must not stop a start.</summary>
    /// <exception cref="IOException">The data directory cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The data directory belongs to another user.</exception>
    public static StartCounter Count(string dataDirectory)
    {
        DurableDirectory.Create(dataDirectory);
        var path = Path.Combine(dataDirectory, FileName);
        var before = File.Exists(path) && int.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Min(count, CountMax) : 0;
        Write(path, before + 1);
        return new StartCounter(path, before + 1);
    }

    /// <summary>The daemon did what it is for, or stopped in good order: the next start is the first again. Cheap to call often, and safe from any loop.</summary>
    public void Progressed()
    {
        if (Interlocked.Exchange(ref progressed, 1) == 0)
            Write(path, 0);
    }

    static void Write(string path, int count)
    {
        // Renamed over the old file, so that a kill in between leaves a whole number.
        var fresh = path + ".new";
        File.WriteAllText(fresh, count.ToString(CultureInfo.InvariantCulture) + "\n");
        File.Move(fresh, path, overwrite: true);
    }
}
