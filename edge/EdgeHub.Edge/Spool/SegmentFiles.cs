using System.Globalization;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>Makes the journal's files on one medium and does away with those that failed. Creating is for one thread at a time.</summary>
/// <param name="bytes">Of each file.</param>
sealed partial class SegmentFiles(IDisk disk, int bytes, ILogger log)
{
    const string Suffix = ".journal";

    readonly Lock gate = new();
    readonly HashSet<string> spoiled = [];
    int lastName;

    /// <summary>Whether another file fits the quota; asked before one is made.</summary>
    public Func<long, bool> MayGrow { get; set; } = _ => true;

    public static bool IsName(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>A file that was found. True when it failed before.</summary>
    public bool Meet(string name)
    {
        lock (gate)
        {
            lastName = Math.Max(lastName, NumberOf(name));
            return spoiled.Contains(name);
        }
    }

    /// <summary>They failed; should they be found again, nothing may be written to them.</summary>
    public void Spoil(IEnumerable<string> names)
    {
        lock (gate)
            spoiled.UnionWith(names);
    }

    /// <summary>A new file, zero-filled and synced with its directory.</summary>
    /// <exception cref="IOException">The medium refuses, or the quota does.</exception>
    public IDiskFile Create()
    {
        if (!MayGrow(bytes))
            throw new QuotaException("The spool's quota has no room for another journal segment.");
        return CreateBeyondQuota();
    }

    /// <summary>The same without asking the quota.</summary>
    /// <exception cref="IOException">The medium refuses.</exception>
    public IDiskFile CreateBeyondQuota()
    {
        var name = (lastName + 1).ToString("D8", CultureInfo.InvariantCulture) + Suffix;
        var file = disk.Create(name);
        lastName++;
        try
        {
            file.Allocate(bytes);
            file.Sync();
            disk.SyncDirectory();
            return file;
        }
        catch (IOException)
        {
            Discard(file);
            throw;
        }
    }

    /// <summary>It failed, and nothing in it is owed: never used again, even where it cannot be deleted.</summary>
    public void Discard(IDiskFile file, IOException? why = null)
    {
        if (why is not null)
            LogUnusable(why, file.Name);
        lock (gate)
            spoiled.Add(file.Name);
        file.Dispose();
        try
        {
            disk.Delete(file.Name);
        }
        catch (IOException e)
        {
            LogUnusable(e, file.Name);
        }
    }

    /// <summary>Nothing in it is read again, not even by the next start. False when the medium refused.</summary>
    public bool TryErase(IDiskFile file)
    {
        try
        {
            SegmentHeader.Erase(file, bytes);
            return true;
        }
        catch (IOException e)
        {
            LogUnusable(e, file.Name);
            return false;
        }
    }

    static int NumberOf(string name) =>
        int.TryParse(name.AsSpan(0, name.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [LoggerMessage(201, LogLevel.Error, "Journal segment {Segment} cannot be used.")]
    private partial void LogUnusable(Exception error, string segment);
}
