using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>What lies on one medium of the journal: first only looked at, then read.</summary>
sealed partial class JournalScan : IDisposable
{
    const string AsideSuffix = ".aside";

    readonly List<(IDiskFile File, SegmentHeader? Header)> files;
    readonly IDisk disk;
    readonly ILogger log;

    JournalScan(IDisk disk, List<(IDiskFile File, SegmentHeader? Header)> files, ILogger log) => (this.disk, this.files, this.log) = (disk, files, log);

    /// <summary>In the order of their use; known once they were read.</summary>
    public List<Segment> Segments { get; private set; } = [];

    public uint LastCommit { get; private set; }

    public Lineage Lineage { get; private set; } = new();

    /// <summary>Entries of commits that were cut off.</summary>
    public int TakenBack { get; private set; }

    /// <summary>Opens the files and reads their headers.</summary>
    /// <exception cref="Hosting.NewerFormatException">A newer program wrote there. Nothing was touched.</exception>
    public static JournalScan Open(IDisk disk, ILogger log)
    {
        var files = new List<IDiskFile>();
        try
        {
            foreach (var name in disk.List().Where(SegmentPool.IsName).Order(StringComparer.Ordinal))
                files.Add(disk.Open(name, writable: true));
            return new JournalScan(disk, [.. files.Select(file => (file, SegmentHeader.Read(file)))], log);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>Reads every segment into a book, and gives them to the pool: they are the pool's from here on.</summary>
    public void Read(SpoolBook book, SegmentPool pool, SpoolOptions options, RecordClock clock)
    {
        pool.Close();
        foreach (var (file, header) in files)
            if (header is null)
                Reject(file, pool, options);
        Segments = [.. files.Where(pair => pair.Header is not null).OrderBy(pair => pair.Header!.Value.Ordinal).ThenBy(pair => EndOf(pair.File, pair.Header!.Value))
            .Select(pair => new Segment(pair.File, pair.Header!.Value, (int)pair.File.Length))];
        files.Clear();
        foreach (var segment in Segments)
            pool.Adopt(segment);
        var replay = new Replay(book, clock);
        replay.Run(Segments);
        (LastCommit, TakenBack, Lineage) = (replay.LastCommit, replay.TakenBack, replay.Lineage);
        FreeUnused(pool, options.SegmentBytes);
    }

    /// <summary>The last segment that holds something; null when there is none.</summary>
    public SegmentHeader? Newest => Segments.FindLast(segment => !segment.IsBlank)?.Header;

    /// <summary>Whether all that was ever committed here is there too: then the other is the same history, only longer.</summary>
    /// <param name="lineage">The other's, for segments that it no longer has.</param>
    public bool IsWithin(IReadOnlyList<Segment> others, Lineage lineage)
    {
        if (Segments.FindLast(segment => segment.Tail > SegmentHeader.PageBytes) is not { } last)
            return true;
        var same = others.Where(other => other.Header == last.Header).ToList();
        return !last.IsForked && (same.Count > 0 ? same.Exists(other => other.Tail >= last.Tail) : lineage.Holds(last.Header, last.Tail));
    }

    /// <summary>Marks the copies here that were written on separately from those of the other medium under the same header.</summary>
    public void FindForks(IReadOnlyList<Segment> others)
    {
        foreach (var segment in Segments)
            segment.IsForked = others.Any(other => other.Header == segment.Header && !StartsBefore(segment, other).SequenceEqual(StartsBefore(other, segment)));
    }

    public void Dispose()
    {
        foreach (var (file, _) in files)
            file.Dispose();
    }

    static IEnumerable<(int Offset, uint Commit, uint Time)> StartsBefore(Segment one, Segment other) => one.Starts.Where(start => start.Offset < Math.Min(one.Tail, other.Tail));

    // A copy that failed and was to be deleted may be back after a power cut, beside the one that took its place: the one that goes
    // further is read last, since each begins with a snapshot of where it began.
    int EndOf(IDiskFile file, SegmentHeader header)
    {
        if (files.Count(pair => pair.Header == header) == 1)
            return 0;
        var end = 0;
        foreach (var (entry, offset) in SegmentScan.Run(file, header.Salt, SegmentHeader.PageBytes, (int)file.Length - SegmentHeader.PageBytes))
            end = offset + entry.Size;
        return end;
    }

    // Prepared, or begun as a copy, and never written.
    void FreeUnused(SegmentPool pool, int bytes)
    {
        foreach (var unused in Segments.FindAll(segment => segment.IsBlank && segment.File.Length == bytes))
        {
            Segments.Remove(unused);
            pool.AdoptFree(unused);
        }
    }

    // Without a header nothing in a file can be read. A new file that was cut off is simply free; one that was in use is kept
    // for a look, since its records are served from the other copy.
    void Reject(IDiskFile file, SegmentPool pool, SpoolOptions options)
    {
        Span<byte> front = stackalloc byte[SegmentHeader.PageBytes];
        var isBlank = file.Read(0, front) == front.Length && !front.ContainsAnyExcept((byte)0);
        if (isBlank && file.Length == options.SegmentBytes)
        {
            pool.AdoptFree(file);
            return;
        }

        file.Dispose();
        if (isBlank || file.Name.Length == 0)
        {
            disk.Delete(file.Name);
            return;
        }

        LogHeaderless(file.Name);
        disk.Rename(file.Name, file.Name + AsideSuffix);
    }

    [LoggerMessage(203, LogLevel.Error, "Journal file {File} has no readable header and is set aside.")]
    private partial void LogHeaderless(string file);
}
