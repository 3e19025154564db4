using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// One file of the journal in one use. The file is opened once and shared by every reader. Its copy on a second medium is a
/// segment of its own under the same header, with the same entries at the same offsets.
/// </summary>
sealed class Segment(IDiskFile file, SegmentHeader header, int length)
{
    int tail = SegmentHeader.PageBytes;
    int whole = SegmentHeader.PageBytes;
    Entry? before;
    bool hasGap;

    public IDiskFile File => file;

    public SegmentHeader Header => header;

    /// <summary>Behind the last entry that is durable here. Read by the thread that copies while another writes.</summary>
    public int Tail
    {
        get => Volatile.Read(ref tail);
        set => Volatile.Write(ref tail, value);
    }

    /// <summary>
    /// Behind the last commit before which no entry is missing: a copy that was cut off, or made while part of its source could
    /// not be read, has entries behind a gap. From here on it is copied again.
    /// </summary>
    public int Whole
    {
        get => Volatile.Read(ref whole);
        set => Volatile.Write(ref whole, value);
    }

    /// <summary>Whether nothing was ever written behind the header.</summary>
    public bool IsBlank => Tail == SegmentHeader.PageBytes;

    /// <summary>An entry that was read back, each in the order of its place.</summary>
    public void Found(in Entry entry, int offset)
    {
        NoteStart(entry, offset);
        hasGap |= !entry.Follows(before);
        Tail = offset + entry.Size;
        if (!hasGap && entry.Left == 0)
            Whole = Tail;
        before = entry with { Payload = default };
    }

    /// <summary>A commit is durable here, and it is the next one.</summary>
    public void Grow(int end) => (Tail, Whole) = (end, end);

    /// <summary>Where processes began to write here, as it was read back, each with its first commit: tells copies apart that were
    /// written on separately.</summary>
    public List<(int Offset, uint Commit, uint Time)> Starts { get; } = [];

    /// <summary>Notes the entry if a process began with it.</summary>
    public void NoteStart(in Entry entry, int offset)
    {
        if (entry.IsProcessStart && (Starts.Count == 0 || Starts[^1].Offset < offset))
            Starts.Add((offset, entry.Commit, entry.Time));
    }

    /// <summary>
    /// Another medium has the same header over other entries: both were written apart from each other. It is read, and never
    /// taken for a copy.
    /// </summary>
    public bool IsForked { get; set; }

    /// <summary>Where entries must end: the second header begins here.</summary>
    public int Limit => length - SegmentHeader.PageBytes;

    /// <summary>A write or flush failed: never written again, read until nothing of it is owed.</summary>
    public bool IsBroken { get; set; }

    /// <summary>It was kept back: only what makes room is written to it, so that this stays possible.</summary>
    public bool IsReserve { get; init; }

    /// <summary>Reads that the medium refused.</summary>
    public int ReadErrors { get; set; }

    public Dictionary<SpoolId, SegmentRun> Runs { get; } = [];

    /// <param name="at">By the <see cref="RecordClock"/>.</param>
    public void Add(SpoolId spool, ulong number, int offset, int at)
    {
        if (!Runs.TryGetValue(spool, out var run))
            Runs.Add(spool, run = new SegmentRun());
        run.Add(number, offset, at);
    }

    /// <summary>
    /// The records from a number on, as they follow each other here. Ends at the first gap.
    /// Safe while the segment is recycled: what another salt wrote is not read.
    /// </summary>
    /// <param name="offset">From <see cref="SegmentRun.OffsetBefore"/>.</param>
    /// <param name="take">Given each record; false ends it.</param>
    public void Read(SpoolId spool, ulong number, int offset, Func<StoredRecord, bool> take)
    {
        foreach (var (entry, _) in SegmentScan.Run(file, header.Salt, offset, Limit))
        {
            if (entry.Kind != EntryKind.Record || entry.Spool != spool || entry.Number < number)
                continue;
            if (entry.Number != number || !take(new StoredRecord(number, entry.Chain, entry.Total, entry.Readings, entry.Payload.ToArray())))
                return;
            number++;
        }
    }
}
