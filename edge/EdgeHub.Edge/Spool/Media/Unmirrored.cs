namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// The newest commits that one medium has and the other not yet, in memory: at most so many bytes. What falls out is read back
/// from the medium that has it. Any thread.
/// </summary>
/// <param name="bytesMax">0 when there is one medium only: then nothing is kept.</param>
sealed class Unmirrored(long bytesMax, TimeProvider time)
{
    readonly Lock gate = new();
    readonly Queue<Commit> commits = [];
    TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long bytes;
    long? droppedSince;

    /// <summary>Age of the oldest commit that the other medium lacks.</summary>
    public TimeSpan Age
    {
        get
        {
            lock (gate)
                return (droppedSince ?? (commits.TryPeek(out var oldest) ? oldest.At : null)) is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    /// <summary>Ends with the next commit: wakes the thread that copies.</summary>
    public Task News => news.Task;

    /// <param name="end">Where the commit ends: the segment's tail behind it.</param>
    public void Add(SegmentHeader header, IReadOnlyList<(Entry Entry, int Offset)> entries, int end)
    {
        if (bytesMax == 0)
            return;
        lock (gate)
        {
            commits.Enqueue(new Commit(header, [.. entries], end, time.GetTimestamp()));
            bytes += end - entries[0].Offset;
            while (bytes > bytesMax && commits.Count > 1)
            {
                droppedSince ??= commits.Peek().At;
                bytes -= commits.Dequeue().Bytes;
            }
        }

        Interlocked.Exchange(ref news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>The commits of a segment that are here, from an offset on, in order.</summary>
    public List<Commit> Of(SegmentHeader header, int from)
    {
        lock (gate)
            return [.. commits.Where(commit => commit.Header == header && commit.Offset >= from)];
    }

    /// <summary>Lets go of what the other medium has by now, or nobody needs any more.</summary>
    public void Forget(Func<Commit, bool> isDone)
    {
        List<Commit> kept;
        lock (gate)
            kept = [.. commits];
        var done = kept.TakeWhile(isDone).Count();
        lock (gate)
        {
            for (; done > 0 && commits.TryPeek(out var oldest) && oldest == kept[0]; done--, kept.RemoveAt(0))
                bytes -= commits.Dequeue().Bytes;
            if (kept.Count == 0 || commits.TryPeek(out var next) && next == kept[0])
                droppedSince = null;
        }
    }

    public sealed class Commit(SegmentHeader header, IReadOnlyList<(Entry Entry, int Offset)> entries, int end, long at)
    {
        public SegmentHeader Header => header;

        public IReadOnlyList<(Entry Entry, int Offset)> Entries => entries;

        public int Offset => entries[0].Offset;

        /// <summary>The segment's tail behind it.</summary>
        public int End => end;

        public long At => at;

        public int Bytes => end - Offset;
    }
}
