using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// Copies segments from one medium to the other, whole commits, entry by entry: what does not carry its checksum is not passed
/// on. From memory where the newest commits still are, else from the other medium's file.
/// </summary>
sealed partial class SegmentCopier(MediaSet media, SpoolBook book, Journal journal, Sweeper sweeper, RecordClock clock, ILogger log)
{
    const int BufferBytes = 256 << 10;

    readonly List<(Entry Entry, int Offset)> index = [];
    byte[] buffer = new byte[BufferBytes];
    int start;
    int count;

    /// <exception cref="IOException">The target refuses.</exception>
    public void Copy(Medium from, Medium to)
    {
        // What another history wrote may only lie beside this one's behind a snapshot that knows both.
        if (journal.IsAnewDue)
            return;
        // The segment with the newest snapshot first: without it the others could not be read aright.
        foreach (var source in from.Pool.Used().OrderByDescending(segment => segment.Header.Ordinal == journal.SnapshotOrdinal))
        {
            if (source.Header.Ordinal > journal.SnapshotOrdinal || !IsMissing(source, to))
                continue;
            var copy = to.Pool.Find(source.Header) ?? to.Pool.Take(source.Header);
            if (source.Tail > copy.Limit)
                continue;
            try
            {
                Copy(source, copy, mayRead: from.IsAttached || from.Condition != MediumCondition.Away);
            }
            catch (IOException)
            {
                copy.IsBroken = true;
                throw;
            }

            DropBroken(copy, to);
        }
    }

    /// <summary>Bytes that the one has and the other lacks.</summary>
    public long Missing(Medium from, Medium to) =>
        from.Pool.Used().Where(source => IsMissing(source, to)).Sum(source => (long)(source.Tail - (to.Pool.Find(source.Header)?.Whole ?? SegmentHeader.PageBytes)));

    /// <summary>Whether nothing of a segment is needed any more.</summary>
    public bool IsSpent(Segment segment) => segment.Header.Ordinal < journal.SnapshotOrdinal && sweeper.IsSettled(segment);

    bool IsMissing(Segment source, Medium to) =>
        source.Tail > SegmentHeader.PageBytes && !source.IsForked
        && (to.Pool.Find(source.Header) is not { } copy || copy.Tail < source.Tail || copy.Whole < source.Whole) && !IsSpent(source);

    void Copy(Segment source, Segment copy, bool mayRead)
    {
        var inMemory = media.Unmirrored.Of(source.Header, copy.Whole);
        var end = inMemory is [.., var last] ? last.End : source.Tail;
        var limit = inMemory is [var first, ..] ? first.Offset : end;
        (count, start) = (0, 0);
        index.Clear();
        var isGapless = copy.Whole >= limit || (mayRead && CopyFile(source, copy, limit));
        if (!isGapless)
        {
            // The source cannot be read: what is in memory is saved, the rest when the source returns.
            if (inMemory.Count == 0)
                return;
            LogGap(source.File.Name);
        }

        foreach (var commit in inMemory)
            foreach (var (entry, offset) in commit.Entries)
                Put(copy, entry, offset);
        Flush(copy);
        copy.File.Sync();
        lock (book.Gate)
            foreach (var (entry, offset) in index)
                copy.Add(entry.Spool, entry.Number, offset, source.Runs.TryGetValue(entry.Spool, out var run) && run.Numbers.Contains(entry.Number) ? run.TimeBefore(entry.Number) : clock.Of(entry.Time));
        copy.Tail = Math.Max(copy.Tail, end);
        // The source may have grown meanwhile.
        if (isGapless)
            copy.Whole = Math.Max(copy.Whole, Math.Min(source.Whole, end));
    }

    bool CopyFile(Segment source, Segment copy, int limit)
    {
        using var scan = SegmentScan.Run(source.File, source.Header.Salt, copy.Whole, limit).GetEnumerator();
        while (true)
        {
            try
            {
                if (!scan.MoveNext())
                    return true;
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                source.ReadErrors++;
                return false;
            }

            Put(copy, scan.Current.Entry, scan.Current.Offset);
        }
    }

    void Put(Segment copy, in Entry entry, int offset)
    {
        if (count > 0 && (offset != start + count || count + entry.Size > buffer.Length))
            Flush(copy);
        if (count == 0)
            start = offset;
        if (buffer.Length < entry.Size)
            buffer = new byte[entry.Size];
        entry.Write(buffer.AsSpan(count), copy.Header.Salt);
        count += entry.Size;
        copy.NoteStart(entry, offset);
        if (entry.Kind == EntryKind.Record)
            index.Add((entry with { Payload = default }, offset));
    }

    void Flush(Segment copy)
    {
        if (count > 0)
            copy.File.Write(start, buffer.AsSpan(0, count));
        count = 0;
    }

    // A file that failed is never written again; once there is a whole copy beside it, it goes.
    static void DropBroken(Segment copy, Medium medium)
    {
        foreach (var broken in medium.Pool.Used())
            if (broken.IsBroken && broken.Header == copy.Header && broken.Tail <= copy.Whole)
                medium.Pool.Recycle(broken);
    }

    [LoggerMessage(246, LogLevel.Warning, "Part of segment {Segment} cannot be read for its copy; it is copied when its medium returns.")]
    private partial void LogGap(string segment);
}
