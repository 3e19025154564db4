using EdgeHub.Edge.Spool.Media;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// The log in front of everything: one for all spools, so that a commit of several classes is one write and one flush.
/// <para>What always holds:</para>
/// <list type="bullet">
/// <item>A commit is one write and one fdatasync of preallocated, once written blocks: no metadata moves, one device flush.</item>
/// <item>After the first error a segment is never written again. The same entries go to a new one; if that fails too, the
/// caller keeps them. So a flush that fails and "succeeds" when repeated fools nobody.</item>
/// <item>A segment's header carries 64 fresh random bits and is synced before the first entry; every entry's checksum is
/// seeded with them. What an earlier use of the same blocks left behind can never be read as records.</item>
/// <item>Each segment begins with a snapshot of all spools, so the segments before it are needed for their records only.</item>
/// <item>A commit is whole or it never was: the last commit of a run that lacks an entry was not reported to anyone and is
/// taken back. Anywhere else a missing entry is damage.</item>
/// <item>With two media it writes to one of them, the lead; when that refuses, the same entries go to a new segment on the
/// other in the same call. What the other medium lacks is copied there in the background, by <see cref="Follower"/>.</item>
/// <item>One free segment is kept back for tombstones and aggregates: a full medium can still make room.</item>
/// <item>Commits share 4 kB pages: this leans on the medium keeping the sectors of a page that is written again.
/// <c>spool.journal.align: 4096</c> does without, at 4 kB a commit.</item>
/// </list>
/// <para>Entries are written under the lock of <see cref="Spools"/> alone; the pool has a lock of its own, because segments are
/// prepared in the background.</para>
/// </summary>
sealed partial class Journal(SpoolOptions options, MediaSet media, RecordClock clock, ILogger log)
{
    /// <summary>
    /// A new process leaves this many commit numbers out. So the end of the run before is known even when the first entries
    /// of the new one were cut off too.
    /// </summary>
    public const uint RunGap = 1024;

    readonly List<(Entry Entry, int Offset)> written = [];
    byte[] buffer = new byte[64 << 10];
    uint commit;
    ulong firstOrdinal = ulong.MaxValue;
    bool isFreshStart = true;
    volatile bool isAnewDue;
    (Medium? Medium, int Attachment) currentOn;

    /// <summary>Segment that is being written; null before the first commit and after an error.</summary>
    public Segment? Current { get; private set; }

    /// <summary>
    /// The segments before this one are needed for their records only: it holds a snapshot that is on the medium. 0 until
    /// this process has written one.
    /// </summary>
    public ulong SnapshotOrdinal { get; private set; }

    /// <summary>The segments up to the present one.</summary>
    public Lineage Lineage { get; private set; } = new();

    /// <summary>
    /// Whether this process began the segment. What a medium holds of it beyond what is known here was never announced: its flush failed,
    /// and the same entries go elsewhere.
    /// </summary>
    public bool Began(SegmentHeader header) => header.Ordinal >= firstOrdinal && Lineage.Holds(header, 0);

    /// <summary>What another medium brought is in no snapshot yet.</summary>
    public bool IsAnewDue => isAnewDue;

    /// <summary>The next commit starts a segment, with a snapshot. Any thread.</summary>
    public void BeginAnew() => isAnewDue = true;

    /// <summary>Goes on behind what recovery found: in its last segment, on a page of its own.</summary>
    public void Continue(Segment? last, uint lastCommit, Lineage lineage)
    {
        Lineage = lineage;
        commit = unchecked(lastCommit + RunGap);
        Current = last;
        currentOn = (media.Lead, media.Lead.Attachments);
        if (last is not null)
            last.Tail = AlignUp(last.Tail, SegmentHeader.PageBytes);
    }

    /// <summary>
    /// Makes the entries durable, together and in order. Returns the segment, with each entry's offset in
    /// <paramref name="offsets"/>.
    /// </summary>
    /// <param name="snapshot">The state of all spools without these entries, for the start of a segment.</param>
    /// <param name="mayUseReserve">The entries make room: the segment kept back may be used.</param>
    /// <exception cref="IOException">Neither the current nor a new segment took them, on no medium. They may or may not be there:
    /// only the same entries may be offered again.</exception>
    public Segment Write(IReadOnlyList<Entry> entries, Func<List<Entry>> snapshot, bool mayUseReserve, List<int> offsets)
    {
        IOException? refused = null;
        foreach (var medium in media.ToWrite())
            try
            {
                var segment = WriteOn(medium, entries, snapshot, mayUseReserve, offsets);
                media.Lead = medium;
                if (medium.Condition == MediumCondition.Full)
                    medium.Works(isBehind: false, "");
                return segment;
            }
            catch (IOException e) when (e is not QuotaException)
            {
                if (media.Mirror is not null)
                    medium.Fail(e);
                refused = e;
            }
            catch (ObjectDisposedException e)
            {
                // The medium went while it was written.
                refused = new IOException(e.Message, e);
            }

        throw refused ?? new IOException("No medium of the spool is there.");
    }

    Segment WriteOn(Medium medium, IReadOnlyList<Entry> entries, Func<List<Entry>> snapshot, bool mayUseReserve, List<int> offsets)
    {
        if (Current is not null && currentOn != (medium, medium.Attachments))
            Leave(Current);
        if (Current is { } current && !isFreshStart && !isAnewDue && Fits(current, entries) && (mayUseReserve || !current.IsReserve))
        {
            try
            {
                WriteTo(current, entries, 0, offsets);
                return current;
            }
            catch (IOException e)
            {
                GiveUp(current, e);
            }
        }

        return WriteBehindSnapshot(medium, entries, snapshot(), mayUseReserve, offsets);
    }

    Segment WriteBehindSnapshot(Medium medium, IReadOnlyList<Entry> entries, List<Entry> snapshot, bool mayUseReserve, List<int> offsets)
    {
        var isAnew = isAnewDue;
        List<Entry> all = [ToStart(snapshot.Count), .. snapshot, .. entries];
        if (Current is not { } segment || isAnew || !Fits(segment, all) || (segment.IsReserve && !mayUseReserve))
        {
            // The old one stays current until there is another: what makes room may still fit into it.
            var next = medium.Pool.Take(mayUseReserve);
            if (Current is { } last)
                Close(last);
            Current = segment = next;
            currentOn = (medium, medium.Attachments);
            if (media.Mirror is not null)
            {
                firstOrdinal = Math.Min(firstOrdinal, segment.Header.Ordinal);
                Lineage.Learn(segment.Header, segment.Tail);
                all[0] = ToStart(snapshot.Count);
            }
        }

        if (!Fits(segment, all))
            throw new IOException($"A commit of {SizeOf(all)} bytes with its snapshot does not fit into a segment of {options.SegmentBytes} bytes; raise spool.segmentBytes.");
        try
        {
            WriteTo(segment, all, snapshot.Count + 1, offsets);
        }
        catch (IOException e)
        {
            GiveUp(segment, e);
            throw;
        }

        isFreshStart = false;
        if (isAnew)
            isAnewDue = false;
        SnapshotOrdinal = segment.Header.Ordinal;
        return segment;
    }

    // With one medium its history is the order of its files; with two each segment tells it.
    Entry ToStart(int snapshots) =>
        new(EntryKind.Start, default, default, (ulong)snapshots, default, isFreshStart ? 1u : 0u, 0, media.Mirror is null ? default : Lineage.ToBytes());

    // Another medium leads now, or this one was opened anew: the segment is closed there if it can be.
    void Leave(Segment segment)
    {
        if (currentOn.Medium is { IsAttached: true } medium && medium.Attachments == currentOn.Attachment && !segment.IsBroken)
            Close(segment);
        Current = null;
    }

    void GiveUp(Segment segment, IOException e)
    {
        LogBroken(e, segment.File.Name);
        segment.IsBroken = true;
        Current = null;
    }

    void WriteTo(Segment segment, IReadOnlyList<Entry> entries, int skipOffsets, List<int> offsets)
    {
        var size = SizeOf(entries);
        if (buffer.Length < size)
            buffer = new byte[AlignUp(size, 64 << 10)];
        commit++;
        offsets.Clear();
        written.Clear();
        var at = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            if (i >= skipOffsets)
                offsets.Add(segment.Tail + at);
            var entry = entries[i] with { Commit = commit, Left = entries.Count - 1 - i, Before = i, Time = clock.NowUnix };
            entry.Write(buffer.AsSpan(at), segment.Header.Salt);
            written.Add((entry, segment.Tail + at));
            at += entry.Size;
        }

        segment.File.Write(segment.Tail, buffer.AsSpan(0, at));
        segment.File.Sync();
        segment.NoteStart(written[0].Entry, written[0].Offset);
        segment.Grow(AlignUp(segment.Tail + at, options.JournalAlign));
        media.Unmirrored.Add(segment.Header, written, segment.Tail);
        if (media.Mirror is not null)
            Lineage.Learn(segment.Header, segment.Tail);
    }

    // Says that the segment ends here on purpose. Nothing rests on it: the next segment's snapshot says the same.
    void Close(Segment segment)
    {
        try
        {
            if (segment.Tail + Entry.HeaderSize <= segment.Limit)
                WriteTo(segment, [new Entry(EntryKind.End, default, default, segment.Header.Ordinal, default, 0, 0, default)], 1, []);
        }
        catch (IOException e)
        {
            LogBroken(e, segment.File.Name);
            segment.IsBroken = true;
        }
    }

    static bool Fits(Segment segment, IReadOnlyList<Entry> entries) =>
        entries.Count <= Entry.LeftMax && segment.Tail + SizeOf(entries) <= segment.Limit;

    static int SizeOf(IReadOnlyList<Entry> entries)
    {
        var size = 0;
        for (var i = 0; i < entries.Count; i++)
            size += entries[i].Size;
        return size;
    }

    static int AlignUp(int value, int to) => (value + to - 1) & -to;

    [LoggerMessage(200, LogLevel.Error, "Journal segment {Segment} failed and is not written again; recording goes on in a new one.")]
    private partial void LogBroken(Exception error, string segment);
}
